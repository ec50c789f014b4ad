package io.plimsoll.manager.callback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plimsoll.transport.auth.SecretFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Up to where the journal was looked through for callbacks, and from where on each receiver has not taken all. Kept in
 * a small file that is replaced as a whole; whatever it does not say yet is told once more after a restart.
 */
public final class CallbackPosition
{
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path file;

    /** In that file, which need not be there; null: nowhere. */
    public CallbackPosition(final Path file)
    {
        this.file = file;
    }

    /**
     * What was kept last; null if nothing was.
     *
     * @throws IOException if it cannot be read, or is broken; the message is for people.
     */
    State read() throws IOException
    {
        if (null == file || !Files.exists(file))
        {
            return null;
        }
        final JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
        if (!json.path("position").isIntegralNumber())
        {
            throw new IOException(file + " does not say up to where callbacks were told");
        }
        final Map<String, Long> targets = new TreeMap<>();
        json.path("receivers").properties().forEach(entry -> targets.put(entry.getKey(), entry.getValue().asLong()));
        final Map<Long, GivenUp> givenUp = new TreeMap<>();
        json.path("givenUp").properties().forEach(entry -> givenUp.put(
            Long.valueOf(entry.getKey()),
            new GivenUp(
                entry.getValue().path("count").asInt(), entry.getValue().path("error").asText(),
                entry.getValue().path("atNs").asLong())));
        return new State(json.path("position").asLong(), targets, givenUp);
    }

    /** Keeps it, whole or not at all. */
    void write(final State state) throws IOException
    {
        if (null == file)
        {
            return;
        }
        final ObjectNode json = MAPPER.createObjectNode().put("position", state.position());
        final ObjectNode receivers = json.putObject("receivers");
        state.targets().forEach(receivers::put);
        final ObjectNode givenUp = json.putObject("givenUp");
        state.givenUp().forEach((id, what) -> givenUp.putObject(id.toString())
            .put("count", what.count()).put("error", what.error()).put("atNs", what.atNs()));
        SecretFiles.write(file, MAPPER.writeValueAsBytes(json));
    }

    /**
     * What is kept.
     *
     * @param position sequence up to which the journal was looked through.
     * @param targets  by receiver, first sequence of which it has not taken all.
     * @param givenUp  by session.
     */
    record State(long position, Map<String, Long> targets, Map<Long, GivenUp> givenUp)
    {
    }

    /**
     * What nobody will be told of any more.
     *
     * @param count of states.
     * @param error why the last attempt failed.
     * @param atNs  when that was, in epoch nanoseconds.
     */
    record GivenUp(int count, String error, long atNs)
    {
    }
}
