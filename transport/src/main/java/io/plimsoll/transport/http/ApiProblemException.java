package io.plimsoll.transport.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The manager answered with a status of 400 or more. Fields as of RFC 9457, with our stable {@code code}. */
public final class ApiProblemException extends ApiException
{
    private static final long serialVersionUID = 1L;
    private static final int SHOWN_MAX = 200;

    private final int status;
    private final transient Map<String, String> members;
    private final byte[] body;

    private ApiProblemException(
        final String message, final int status, final Map<String, String> members, final byte[] body)
    {
        super(message, null);
        this.status = status;
        this.members = members;
        this.body = body.clone();
    }

    static ApiProblemException of(final int status, final String reasonPhrase, final byte[] body)
    {
        final Map<String, String> members = parse(body);
        final String detail = members.get("detail");
        final String title = members.get("title");
        final String message;
        if (null != detail)
        {
            message = detail;
        }
        else if (null != title)
        {
            message = title;
        }
        else
        {
            message = "the manager answered " + status + (reasonPhrase.isEmpty() ? "" : " " + reasonPhrase);
        }
        return new ApiProblemException(message, status, members, body);
    }

    /** HTTP status, 400 or more. */
    public int status()
    {
        return status;
    }

    /** Stable name of the kind of problem in kebab case, or the empty string if the answer has none. */
    public String code()
    {
        return member("code");
    }

    /** What kind of problem it is, for people; or the empty string. */
    public String title()
    {
        return member("title");
    }

    /** What is wrong this time, for people; or the empty string. */
    public String detail()
    {
        return member("detail");
    }

    /**
     * Another member of the problem document.
     *
     * @param name such as {@code field}.
     * @return its text, also of numbers; the empty string if it is not there or no simple value.
     */
    public String member(final String name)
    {
        return null == members ? "" : members.getOrDefault(name, "");
    }

    /** The answer as it came. */
    public byte[] body()
    {
        return body.clone();
    }

    /** First characters of the answer, for messages about answers that are no problem documents. */
    public String excerpt()
    {
        final String text = new String(body, StandardCharsets.UTF_8).strip();
        return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "…";
    }

    private static Map<String, String> parse(final byte[] body)
    {
        final Map<String, String> members = new LinkedHashMap<>();
        try (JsonParser json = new JsonFactory().createParser(body))
        {
            if (JsonToken.START_OBJECT == json.nextToken())
            {
                while (JsonToken.FIELD_NAME == json.nextToken())
                {
                    final String name = json.currentName();
                    if (json.nextToken().isScalarValue())
                    {
                        members.put(name, json.getText());
                    }
                    else
                    {
                        json.skipChildren();
                    }
                }
            }
        }
        catch (final IOException ex)
        {
            // Some proxy answered: no problem document, and status and excerpt have to do.
            members.clear();
        }
        return members;
    }
}
