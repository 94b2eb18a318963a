"""What a merchant tells many of its customers at once: official notices, changes of terms, offers to who asked for them."""
