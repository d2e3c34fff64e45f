"""A server of the official Python SDK v1 over WebSocket, at a free port of 127.0.0.1."""

import asyncio

import uvicorn
from mcp.server.fastmcp import Context, FastMCP
from mcp.server.websocket import websocket_server
from pydantic import AnyUrl, BaseModel

mcp = FastMCP("python")
seen = {"started": [], "cancelled": []}


class Confirmation(BaseModel):
    name: str
    proceed: bool


@mcp.tool(structured_output=False)
def echo(text: str) -> str:
    return text


@mcp.tool(structured_output=False)
def big(size: int) -> str:
    return "x" * size


@mcp.tool(structured_output=False)
def fail() -> str:
    raise ValueError("the disk is full")


@mcp.tool(structured_output=False)
async def slow(label: str, steps: int, stepMs: int, context: Context) -> str:
    seen["started"].append(label)
    try:
        for step in range(1, steps + 1):
            await asyncio.sleep(stepMs / 1000)
            await context.report_progress(step, steps)
    except asyncio.CancelledError:
        seen["cancelled"].append(label)
        raise
    return f"{label} done"


@mcp.tool(structured_output=False)
async def log(context: Context) -> str:
    for level in ("debug", "info", "warning", "error"):
        await context.log(level, f"a {level} message")
    return "logged"


@mcp.tool(structured_output=False)
async def confirm(context: Context) -> str:
    answer = await context.elicit("Go on?", Confirmation)
    return answer.model_dump_json()


@mcp.tool(structured_output=False)
async def touch(uri: str, context: Context) -> str:
    await context.session.send_resource_updated(AnyUrl(uri))
    return f"touched {uri}"


@mcp.tool(name="seen", structured_output=False)
def what_was_seen() -> dict:
    return seen


@mcp._mcp_server.set_logging_level()
async def set_level(_level):
    pass


@mcp._mcp_server.subscribe_resource()
async def subscribe(_uri):
    pass


@mcp._mcp_server.unsubscribe_resource()
async def unsubscribe(_uri):
    pass


async def app(scope, receive, send):
    server = mcp._mcp_server
    async with websocket_server(scope, receive, send) as (messages, answers):
        await server.run(messages, answers, server.create_initialization_options())


uvicorn.run(app, host="127.0.0.1", port=0, lifespan="off")
