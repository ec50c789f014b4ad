package io.plimsoll.ops.etcd;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plimsoll.transport.auth.SecretFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The values last seen, kept in a file (mode 600, for there may be secrets) so that a start without etcd goes on with
 * them. A store that is another one, or has been wiped, has not deleted what it never had: a value stays until that
 * store says something about its key, which tells a wiped store from one in which somebody deletes keys. One thread.
 */
public final class SeenValues
{
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> DOCUMENT = new TypeReference<>()
    {
    };

    private final Path file;
    private final Map<String, Seen> values = new TreeMap<>();
    private long clusterId;
    private long revision;
    private long generation;

    private SeenValues(final Path file)
    {
        this.file = file;
    }

    /**
     * Reads the file, if there is one that can be read; without, nothing has been seen.
     *
     * @param file null: keeps nothing.
     */
    public static SeenValues open(final Path file)
    {
        final SeenValues seen = new SeenValues(file);
        if (null != file && Files.exists(file))
        {
            try
            {
                seen.read(MAPPER.readValue(SecretFiles.read(file), DOCUMENT));
            }
            catch (final IOException | ClassCastException | NullPointerException | NumberFormatException ex)
            {
                // Half a file or somebody's: etcd has the values, or there are none.
                seen.values.clear();
            }
        }
        return seen;
    }

    private void read(final Map<String, Object> document)
    {
        clusterId = Long.parseLong((String)document.get("clusterId"));
        revision = Long.parseLong((String)document.get("revision"));
        generation = Long.parseLong((String)document.get("generation"));
        for (final Object entry : (List<?>)document.get("values"))
        {
            final Map<?, ?> fields = (Map<?, ?>)entry;
            values.put(
                (String)fields.get("key"),
                new Seen((String)fields.get("value"), Long.parseLong((String)fields.get("generation"))));
        }
    }

    /**
     * Takes what etcd says now.
     *
     * @return whether any value has changed.
     * @throws IOException if the file cannot be written; the values count nevertheless.
     */
    public boolean update(final EtcdSnapshot snapshot) throws IOException
    {
        final Map<String, String> before = values();
        final boolean isAnother = clusterId != snapshot.clusterId() || snapshot.revision() < revision;
        generation += isAnother ? 1 : 0;
        clusterId = snapshot.clusterId();
        revision = snapshot.revision();
        values.entrySet().removeIf(
            entry -> generation == entry.getValue().generation() && !snapshot.values().containsKey(entry.getKey()));
        snapshot.values().forEach((key, value) -> values.put(key, new Seen(value, generation)));
        final boolean hasChanged = !before.equals(values());
        if (isAnother || hasChanged)
        {
            write();
        }
        return hasChanged;
    }

    /** By their keys. */
    public Map<String, String> values()
    {
        final Map<String, String> current = new TreeMap<>();
        values.forEach((key, seen) -> current.put(key, seen.value()));
        return current;
    }

    /** How many values are of a store that is no more. */
    public int staleCount()
    {
        return (int)values.values().stream().filter(seen -> generation != seen.generation()).count();
    }

    private void write() throws IOException
    {
        if (null == file)
        {
            return;
        }
        final List<Object> entries = new ArrayList<>();
        values.forEach((key, seen) -> entries.add(
            Map.of("key", key, "value", seen.value(), "generation", Long.toString(seen.generation()))));
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("clusterId", Long.toString(clusterId));
        document.put("revision", Long.toString(revision));
        document.put("generation", Long.toString(generation));
        document.put("values", entries);
        SecretFiles.write(file, MAPPER.writeValueAsBytes(document));
    }

    private record Seen(String value, long generation)
    {
    }
}
