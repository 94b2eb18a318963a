"""Pictures and PDFs that are sent with messages: private files beside the database."""

from app.shelves import Shelf

SHELF = Shelf("inbox", "SELECT name FROM message_files UNION ALL SELECT name FROM mail_in_files")
