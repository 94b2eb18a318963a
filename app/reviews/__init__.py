"""What buyers say of a seller, each about one item that was delivered to them.

tables      a review, and that somebody has reported it    kept     reviews as they are kept, and a seller's stars
allowed     which items of an order may be reviewed        writing  a review, changed, taken back
answering   the seller's answer                            hiding   reports, and what comes of them
"""
