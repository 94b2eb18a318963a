"""Pages that are right while they are open: what changes for a person is told to their browsers over a stream.

listeners   one open stream, and what it is to be told
hub         who listens in this process; asks for the newest of those who are due
watch       hears that something has changed: SQLite is looked at, PostgreSQL says it
stopping    ends the streams when the server is told to stop
pages       the stream itself, `GET /live`

No verb announces anything: raising `customers.revision` is enough. A piece of a page that wants to be current says
`{{ current("its id", "its page's address") }}` (templates/parts/ui.html).
"""
