"""Bulk loading past the app's engine: indexes and constraints out of the way, and all of them back before anybody asks."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import asyncpg

from app import db
from app.settings import settings

Rows = Sequence[tuple[Any, ...]]


class SQLiteLoader:
    async def open(self) -> None:
        self.connection = sqlite3.connect(db.ENGINE.path, isolation_level=None)  # type: ignore[union-attr]
        for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.indexes = self.connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql > ''"
        ).fetchall()
        for name, _sql in self.indexes:
            self.connection.execute(f'DROP INDEX "{name}"')

    async def load(self, table: str, columns: Sequence[str], rows: Rows) -> None:
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join("?" * len(columns))
        self.connection.execute("BEGIN")
        self.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
        self.connection.execute("COMMIT")

    async def load_words(self, rows: Sequence[tuple[int, list[str]]]) -> None:
        """The terms of messages (see `app/inbox/searching.py`)."""
        await self.load("message_words", ("rowid", "words"), [(number, " ".join(terms)) for number, terms in rows])

    async def close(self) -> None:
        for _name, sql in self.indexes:
            self.connection.execute(sql)
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.close()


class PostgresLoader:
    async def open(self) -> None:
        self.connection = await asyncpg.connect(settings.database_url)
        await self.connection.execute("SET session_replication_role = replica; SET maintenance_work_mem = '256MB'")
        self.indexes = await self.connection.fetch(
            "SELECT i.indexname, i.indexdef, i.tablename FROM pg_indexes i WHERE schemaname = 'public' "
            "AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
        )
        for index in self.indexes:
            await self.connection.execute(f'DROP INDEX "{index["indexname"]}"')

    async def load(self, table: str, columns: Sequence[str], rows: Rows) -> None:
        await self.connection.copy_records_to_table(table, records=rows, columns=columns)

    async def load_words(self, rows: Sequence[tuple[int, list[str]]]) -> None:
        put = "INSERT INTO message_words (message, words) VALUES ($1, array_to_tsvector($2))"
        await self.connection.executemany(put, rows)

    async def close(self) -> None:
        for index in self.indexes:
            await self.connection.execute(index["indexdef"])
        tables = await self.connection.fetch(
            "SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id'"
        )
        for table in (row["name"] for row in tables):
            if table != "migration":
                await self.connection.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 1) FROM \"{table}\"))"
                )
        await self.connection.execute("VACUUM ANALYZE")  # what autovacuum has done by the time a shop is that large
        await self.connection.close()


def loader() -> SQLiteLoader | PostgresLoader:
    return SQLiteLoader() if db.ON_SQLITE else PostgresLoader()
