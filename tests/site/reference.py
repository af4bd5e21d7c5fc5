"""The reference of the API: a page of Markdown with everything that the schema describes."""

from collections.abc import Callable, Iterable, Iterator

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    is_specified_scalar_type,
    print_ast,
)
from graphql.type import GraphQLList, GraphQLNonNull

_HEAD = """\
# Reference

Every type, field and argument of the API, as `schema.graphql` describes them. [Connecting](connecting.md) says how
to call it."""


def reference(schema: GraphQLSchema) -> str:
    """The whole page."""
    return "\n\n".join((_HEAD, *_roots(schema), *_types(schema))) + "\n"


def _roots(schema: GraphQLSchema) -> Iterator[str]:
    roots = {
        "Queries": schema.query_type,
        "Mutations": schema.mutation_type,
        "Subscriptions": schema.subscription_type,
    }
    for title, root in roots.items():
        if root is not None:
            yield f"## {title}"
            yield _paragraph(root.description)
            yield from (_operation(root.name, name, field) for name, field in root.fields.items())


def _operation(root: str, name: str, field: GraphQLField) -> str:
    anchor = f"{root}-{name}".lower()
    parts = [
        f"### {name} {{ #{anchor} }}",
        _paragraph(field.description),
        f"Returns {_linked(field.type)}.{_deprecated(field)}",
        _table("argument", field.args.items()),
    ]
    return "\n\n".join(filter(None, parts))


def _types(schema: GraphQLSchema) -> Iterator[str]:
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    types = [type_ for type_ in schema.type_map.values() if type_ not in roots and not type_.name.startswith("__")]
    for title, kind, body in _KINDS:
        of_kind = sorted((type_ for type_ in types if isinstance(type_, kind)), key=lambda type_: type_.name)
        if of_kind:
            yield f"## {title}"
            yield from (_type(schema, type_, body) for type_ in of_kind if not is_specified_scalar_type(type_))


_Body = Callable[[GraphQLSchema, GraphQLNamedType], str]


def _type(schema: GraphQLSchema, type_: GraphQLNamedType, body: _Body) -> str:
    heading = f"### {type_.name} {{ #{type_.name.lower()} }}"
    return "\n\n".join(filter(None, (heading, _paragraph(type_.description), body(schema, type_))))


def _object(_: GraphQLSchema, type_: GraphQLNamedType) -> str:
    assert isinstance(type_, GraphQLObjectType)
    interfaces = ", ".join(map(_linked, type_.interfaces))
    implements = f"Implements {interfaces}." if interfaces else ""
    return "\n\n".join(filter(None, (implements, _table("field", type_.fields.items()))))


def _abstract(schema: GraphQLSchema, type_: GraphQLNamedType) -> str:
    assert isinstance(type_, GraphQLInterfaceType | GraphQLUnionType)
    members = sorted(schema.get_possible_types(type_), key=lambda member: member.name)
    fields = type_.fields.items() if isinstance(type_, GraphQLInterfaceType) else ()
    return "\n\n".join(filter(None, (f"One of {', '.join(map(_linked, members))}.", _table("field", fields))))


def _input(_: GraphQLSchema, type_: GraphQLNamedType) -> str:
    assert isinstance(type_, GraphQLInputObjectType)
    return _table("field", type_.fields.items())


def _enum(_: GraphQLSchema, type_: GraphQLNamedType) -> str:
    assert isinstance(type_, GraphQLEnumType)
    rows = (f"| `{name}` | {_cell(value.description)} |" for name, value in type_.values.items())
    return "\n".join(("| value | meaning |", "|---|---|", *rows))


def _scalar(_: GraphQLSchema, type_: GraphQLNamedType) -> str:
    assert isinstance(type_, GraphQLScalarType)
    return f"Specified by <{type_.specified_by_url}>." if type_.specified_by_url else ""


_KINDS: tuple[tuple[str, type[GraphQLNamedType], _Body], ...] = (
    ("Objects", GraphQLObjectType, _object),
    ("Interfaces", GraphQLInterfaceType, _abstract),
    ("Unions", GraphQLUnionType, _abstract),
    ("Inputs", GraphQLInputObjectType, _input),
    ("Enums", GraphQLEnumType, _enum),
    ("Scalars", GraphQLScalarType, _scalar),
)

_Named = GraphQLField | GraphQLInputField | GraphQLArgument


def _table(head: str, described: Iterable[tuple[str, _Named]]) -> str:
    rows = [f"| `{name}` | {_linked(one.type)}{_default(one)} | {_meaning(one)} |" for name, one in described]
    return "\n".join((f"| {head} | type | meaning |", "|---|---|---|", *rows)) if rows else ""


def _meaning(one: _Named) -> str:
    arguments = one.args.items() if isinstance(one, GraphQLField) else ()
    of_arguments = (
        f"<br>`{name}`: {_linked(argument.type)}{_default(argument)}. {_cell(argument.description)}"
        for name, argument in arguments
    )
    return _cell(one.description) + "".join(of_arguments) + _deprecated(one)


def _default(one: _Named) -> str:
    if isinstance(one, GraphQLField) or one.default is None or one.default.literal is None:
        return ""
    return f" = `{print_ast(one.default.literal)}`"


def _deprecated(one: _Named) -> str:
    return f" **Deprecated:** {_cell(one.deprecation_reason)}" if one.deprecation_reason else ""


def _linked(type_: object) -> str:
    if isinstance(type_, GraphQLNonNull):
        return f"{_linked(type_.of_type)}!"
    if isinstance(type_, GraphQLList):
        return rf"\[{_linked(type_.of_type)}\]"
    assert isinstance(type_, GraphQLNamedType)
    return type_.name if is_specified_scalar_type(type_) else f"[{type_.name}](#{type_.name.lower()})"


def _paragraph(description: str | None) -> str:
    return (description or "").replace("<", "&lt;")


def _cell(description: str | None) -> str:
    return " ".join(_paragraph(description).split()).replace("|", "\\|")
