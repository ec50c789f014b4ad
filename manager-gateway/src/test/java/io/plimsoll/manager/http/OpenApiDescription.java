package io.plimsoll.manager.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The description of the API as the server ships it, with as much of JSON Schema as it uses: types, properties,
 * required, additionalProperties, items, enum, $ref, anyOf. A field or a header that an answer has and the description
 * lacks is an error.
 */
final class OpenApiDescription
{
    static final OpenApiDescription LOADED = load();

    private static final Set<String> HEADERS_OF_HTTP =
        Set.of("content-type", "content-length", "transfer-encoding", "connection");

    private final JsonNode root;

    private OpenApiDescription(final JsonNode root)
    {
        this.root = root;
    }

    JsonNode root()
    {
        return root;
    }

    /** Throws unless an answer to a request is as described, with its headers. */
    void check(
        final String method,
        final String target,
        final int status,
        final Map<String, String> headers,
        final JsonNode json)
    {
        final JsonNode problem = root.at("/components/responses/Problem");
        final JsonNode operation = operation(method, target);
        if (null == operation)
        {
            if (404 != status && 405 != status)
            {
                throw new AssertionError(method + " " + target + " is not described");
            }
            validateHeaders(problem, status, headers);
            validate(root.at("/components/schemas/Problem"), json, "");
            return;
        }
        JsonNode response = operation.path("responses").path(Integer.toString(status));
        if (response.isMissingNode() && status >= 400)
        {
            response = operation.path("responses").path("default");
        }
        response = resolved(response);
        validateHeaders(response, status, headers);
        final String contentType = value(headers, "content-type");
        final int end = contentType.indexOf(';');
        final String mediaType = end < 0 ? contentType : contentType.substring(0, end);
        final JsonNode content = response.path("content").path(mediaType);
        if (content.isMissingNode())
        {
            throw new AssertionError(method + " " + target + " answered " + status + " with " + mediaType);
        }
        validate(content.path("schema"), json, "");
    }

    /** Those that HTTP itself has need no description. */
    private void validateHeaders(final JsonNode response, final int status, final Map<String, String> headers)
    {
        final Map<String, JsonNode> described = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        response.path("headers").properties().forEach(
            header -> described.put(header.getKey(), resolved(header.getValue())));
        for (final Map.Entry<String, String> header : headers.entrySet())
        {
            final String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HEADERS_OF_HTTP.contains(name))
            {
                final JsonNode description = described.get(name);
                if (null == description)
                {
                    throw new AssertionError("header " + name + " of " + status + " is not described");
                }
                validateHeader(description.path("schema"), name, header.getValue());
            }
        }
        for (final Map.Entry<String, JsonNode> header : described.entrySet())
        {
            if (header.getValue().path("required").asBoolean() && null == value(headers, header.getKey()))
            {
                throw new AssertionError("header " + header.getKey() + " of " + status + " is missing in " + headers);
            }
        }
        if (429 == status && null == value(headers, "retry-after"))
        {
            throw new AssertionError("429 without Retry-After: " + headers);
        }
    }

    private void validateHeader(final JsonNode schema, final String name, final String value)
    {
        final boolean isNumber = "integer".equals(schema.path("type").asText());
        if (isNumber && !value.matches("0|-?[1-9][0-9]{0,17}"))
        {
            throw new AssertionError("header " + name + ": " + value + " is no integer");
        }
        final JsonNode json = isNumber ? LongNode.valueOf(Long.parseLong(value)) : TextNode.valueOf(value);
        validate(schema, json, "header " + name);
        if (isNumber && json.asLong() < schema.path("minimum").asLong(Long.MIN_VALUE) ||
            value.length() > schema.path("maxLength").asInt(Integer.MAX_VALUE))
        {
            throw new AssertionError("header " + name + ": " + value + " is out of " + schema);
        }
    }

    private static String value(final Map<String, String> headers, final String name)
    {
        for (final Map.Entry<String, String> header : headers.entrySet())
        {
            if (name.equalsIgnoreCase(header.getKey()))
            {
                return header.getValue();
            }
        }
        return null;
    }

    /** Null if there is none. */
    JsonNode operation(final String method, final String target)
    {
        final int end = target.indexOf('?');
        final String path = end < 0 ? target : target.substring(0, end);
        final JsonNode literal = root.path("paths").path(path).path(method.toLowerCase(Locale.ROOT));
        if (!literal.isMissingNode())
        {
            return literal;
        }
        for (final Map.Entry<String, JsonNode> entry : root.path("paths").properties())
        {
            final JsonNode operation = entry.getValue().path(method.toLowerCase(Locale.ROOT));
            if (path.matches(entry.getKey().replaceAll("\\{[a-z]+}", "[^/]+")) && !operation.isMissingNode())
            {
                return operation;
            }
        }
        return null;
    }

    private JsonNode resolved(final JsonNode node)
    {
        final JsonNode reference = node.path("$ref");
        return reference.isMissingNode() ? node : root.at(reference.asText().substring(1));
    }

    private void validate(final JsonNode unresolved, final JsonNode json, final String at)
    {
        final JsonNode schema = resolved(unresolved);
        if (schema.isMissingNode())
        {
            throw new AssertionError(at + ": no schema");
        }
        if (schema.has("anyOf"))
        {
            validateAny(schema.path("anyOf"), json, at);
            return;
        }
        final JsonNode types = schema.path("type");
        if (!types.isMissingNode() && !isOfType(types, json))
        {
            throw new AssertionError(at + ": " + json + " is not of " + types);
        }
        final JsonNode values = schema.path("enum");
        if (!values.isMissingNode() && !json.isNull() && !contains(values, json))
        {
            throw new AssertionError(at + ": " + json + " is not one of " + values);
        }
        if (json.isObject())
        {
            object(schema, json, at);
        }
        else if (json.isArray())
        {
            for (int i = 0; i < json.size(); i++)
            {
                validate(schema.path("items"), json.get(i), at + "/" + i);
            }
        }
    }

    /** Of those that are of the type, one has to fit. */
    private void validateAny(final JsonNode alternatives, final JsonNode json, final String at)
    {
        AssertionError wrong = new AssertionError(at + ": " + json + " is of no type of " + alternatives);
        for (final JsonNode alternative : alternatives)
        {
            if (isOfType(resolved(alternative).path("type"), json))
            {
                try
                {
                    validate(alternative, json, at);
                    return;
                }
                catch (final AssertionError ex)
                {
                    wrong = ex;
                }
            }
        }
        throw wrong;
    }

    private void object(final JsonNode schema, final JsonNode json, final String at)
    {
        for (final JsonNode required : schema.path("required"))
        {
            if (!json.has(required.asText()))
            {
                throw new AssertionError(at + "/" + required.asText() + " is missing in " + json);
            }
        }
        for (final Map.Entry<String, JsonNode> field : json.properties())
        {
            JsonNode property = schema.path("properties").path(field.getKey());
            if (property.isMissingNode())
            {
                property = schema.path("additionalProperties");
            }
            if (property.isBoolean() && property.asBoolean())
            {
                continue;
            }
            if (!property.isObject())
            {
                throw new AssertionError(at + "/" + field.getKey() + " is not described");
            }
            validate(property, field.getValue(), at + "/" + field.getKey());
        }
    }

    private static boolean contains(final JsonNode values, final JsonNode json)
    {
        for (final JsonNode value : values)
        {
            if (value.equals(json))
            {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfType(final JsonNode types, final JsonNode json)
    {
        final Iterable<JsonNode> all = types.isArray() ? types : List.of(types);
        for (final JsonNode type : all)
        {
            final boolean matches = switch (type.asText())
            {
                case "object" -> json.isObject();
                case "array" -> json.isArray();
                case "string" -> json.isTextual();
                case "integer" -> json.isIntegralNumber();
                case "number" -> json.isNumber();
                case "boolean" -> json.isBoolean();
                case "null" -> json.isNull();
                default -> throw new AssertionError("type " + type);
            };
            if (matches)
            {
                return true;
            }
        }
        return false;
    }

    private static OpenApiDescription load()
    {
        try (InputStream stream = HttpGateway.class.getResourceAsStream("openapi.json"))
        {
            return new OpenApiDescription(ServedApi.MAPPER.readTree(stream));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
