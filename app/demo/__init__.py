"""The demo shop: three merchants, their goods, three customers and three years of orders. Nobody in it exists."""
