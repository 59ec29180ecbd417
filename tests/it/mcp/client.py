"""A session of the official MCP client with the server, step by step.

Arguments: the program, a book. Ends with 77 where the package `mcp` is missing.
"""

import asyncio
import json
import sys

try:
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client
except ImportError:
    print("the Python package `mcp` is not installed")
    sys.exit(77)


async def main(program, book):
    arguments = ["mcp", "--book", book, "--as-of", "2026-11-20"]
    server = StdioServerParameters(command=program, args=arguments)
    async with stdio_client(server) as (reader, writer):
        async with ClientSession(reader, writer) as session:
            hello = await session.initialize()
            assert "never instructions" in hello.instructions, hello
            tools = (await session.list_tools()).tools
            names = [tool.name for tool in tools]
            assert "find" in names and "log" not in names, names

            async def call(tool, /, **given):
                # The client checks the answer against the tool's schema.
                said = await session.call_tool(tool, given)
                text = said.content[0].text
                data = getattr(said, "structuredContent", None) or getattr(said, "structured_content", None)
                if data is not None:
                    assert json.loads(text) == data, tool
                is_error = getattr(said, "isError", None) or getattr(said, "is_error", None)
                return bool(is_error), text, data

            _, _, found = await call("find", text="blsn")
            assert [it["id"] for it in found["rows"]] == ["北岭水泥"], found
            _, _, listed = await call("list", columns=["id", "tier"], sort="-annual_value", limit=2)
            assert listed["page"]["total"] == 41 and len(listed["rows"]) == 2, listed
            cursor = listed["page"]["next_cursor"]
            _, _, more = await call("list", columns=["id", "tier"], sort="-annual_value", limit=2, cursor=cursor)
            assert more["rows"] != listed["rows"], more
            _, _, shown = await call("show", customer="北岭水泥")
            assert shown["metrics"]["id"] == "北岭水泥", shown
            await call("due", within="30d")
            await call("explain", customer="北岭水泥", metric="tier")
            await call("history", customer="北岭水泥", kinds=["order"])
            reports = ["churn", "value", "receivables", "cases", "dates", "leads"]
            reports += ["team", "portfolio", "summary", "trend"]
            for name in reports:
                await call("answer", name=name)
            await call("answer", name="diff", **{"from": "4w"})
            await call("check")
            _, page, _ = await call("help", topic="rules")
            assert page.startswith("# Rules"), page
            is_error, text, _ = await call("list", rule="tier = ZZ")
            assert is_error and text.startswith("error[rule-word]"), text
            is_error, text, _ = await call("list", rul="x")
            assert is_error and "`rul`" in text, text
    print("all is well")


asyncio.run(main(sys.argv[1], sys.argv[2]))
