"""The plain way: Strawberry, Starlette, broadcaster and SQLAlchemy, put together as their documentation shows it.

    python -m tests.bench.plain PORT FILE

It answers the documents of `documents.py`, so that both servers do the same work: an inbox is read with a
DataLoader for each kind of object below its tasks; a registration is stored and published, and a resolver per
subscriber turns the message, which carries the whole row, into what was selected. Nobody logs in. It runs on
uvicorn with the options of ours, and on the same database with the same options.
"""
