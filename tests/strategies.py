"""Arbitrary content for property tests: JSON values and messages that our files can hold."""

from hypothesis import strategies as st

from venire.transcript import (
    ContentReasoning,
    ContentText,
    Message,
    MessageMetadata,
    ToolCall,
    ToolError,
)

# UTF-8 can hold all characters but surrogates.
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)
arguments = st.dictionaries(text, json_values, max_size=3)
tool_calls = st.builds(ToolCall, id=text, function=text, arguments=arguments, parse_error=st.none() | text)
contents = text | st.lists(
    st.builds(ContentText, type=st.just("text"), text=text)
    | st.builds(
        ContentReasoning,
        type=st.just("reasoning"),
        reasoning=text,
        summary=st.none() | text,
        redacted=st.booleans(),
    ),
    max_size=3,
).map(tuple)
messages = st.builds(
    Message,
    role=st.sampled_from(["system", "user", "assistant", "tool"]),
    content=contents,
    id=st.none() | text,
    tool_calls=st.none() | st.lists(tool_calls, max_size=2).map(tuple),
    tool_call_id=st.none() | text,
    error=st.none() | st.builds(ToolError, type=text, message=text),
    metadata=st.builds(
        MessageMetadata,
        exit_code=st.none() | st.integers(-(2**31), 2**31),
        raw_arguments=st.none() | st.dictionaries(text, text, max_size=2),
        raw=st.none() | arguments,
    ),
)
transcript_messages = st.lists(messages, max_size=4).map(tuple)
