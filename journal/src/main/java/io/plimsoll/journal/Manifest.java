package io.plimsoll.journal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The list of segments and snapshots, as a JSON object whose first member is the CRC32C of the whole text with that
 * member's digits as zeros:
 * <pre>
 *   {"crc32c":"1a2b3c4d","format":2,"clusterId":"…","segments":[{"name":"…", …}],"snapshots":[{"name":"…", …}]}
 * </pre>
 */
final class Manifest
{
    /** Without snapshots, and as earlier releases read it. */
    private static final int FORMAT = 1;
    private static final int FORMAT_WITH_SNAPSHOTS = 2;
    private static final String PREFIX = "{\"crc32c\":\"";
    private static final String NO_CRC = "00000000";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final UUID clusterId;
    private final List<SegmentEntry> segments = new ArrayList<>();
    private final List<SnapshotEntry> snapshots = new ArrayList<>();
    private final List<String> leaving = new ArrayList<>();

    Manifest(final UUID clusterId)
    {
        this.clusterId = clusterId;
    }

    UUID clusterId()
    {
        return clusterId;
    }

    /** In order; only the last may be open. */
    List<SegmentEntry> segments()
    {
        return segments;
    }

    /** Names of segments and snapshots that are being removed. */
    List<String> leaving()
    {
        return leaving;
    }

    /** In order of their sequences. */
    List<SnapshotEntry> snapshots()
    {
        return snapshots;
    }

    /** Whether a segment or snapshot of that name belongs to the journal. */
    boolean lists(final String name)
    {
        return segments.stream().anyMatch(entry -> name.equals(entry.name())) ||
            snapshots.stream().anyMatch(entry -> name.equals(entry.name()));
    }

    byte[] encode()
    {
        final ObjectNode root = MAPPER.createObjectNode();
        root.put("crc32c", NO_CRC);
        root.put("format", snapshots.isEmpty() ? FORMAT : FORMAT_WITH_SNAPSHOTS);
        root.put("clusterId", clusterId.toString());
        final ArrayNode list = root.putArray("segments");
        for (final SegmentEntry segment : segments)
        {
            final ObjectNode node = list.addObject()
                .put("name", segment.name())
                .put("firstSequence", segment.firstSequence())
                .put("previousCrc", hex(segment.previousCrc()));
            if (segment.closed())
            {
                node.put("lastSequence", segment.lastSequence()).put("lastCrc", hex(segment.lastCrc()));
            }
            if (null != segment.cut())
            {
                node.put("cut", segment.cut());
            }
        }
        if (!snapshots.isEmpty())
        {
            encodeSnapshots(root.putArray("snapshots"));
        }
        if (!leaving.isEmpty())
        {
            final ArrayNode names = root.putArray("leaving");
            leaving.forEach(names::add);
        }
        final byte[] text = (root + "\n").getBytes(StandardCharsets.UTF_8);
        final byte[] crc = hex(crc(text)).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(crc, 0, text, PREFIX.length(), crc.length);
        return text;
    }

    private void encodeSnapshots(final ArrayNode list)
    {
        for (final SnapshotEntry snapshot : snapshots)
        {
            list.addObject()
                .put("name", snapshot.name())
                .put("sequence", snapshot.sequence())
                .put("recordCrc", hex(snapshot.recordCrc()))
                .put("length", snapshot.length())
                .put("crc32c", hex(snapshot.crc()));
        }
    }

    static Manifest decode(final byte[] content, final String place)
    {
        if (null == content)
        {
            throw new JournalDamagedException(place, "manifest missing");
        }
        final byte[] text = content.clone();
        final int crcEnd = PREFIX.length() + NO_CRC.length();
        if (text.length < crcEnd)
        {
            throw new JournalDamagedException(place, "manifest too short");
        }
        final String stored = new String(text, PREFIX.length(), NO_CRC.length(), StandardCharsets.ISO_8859_1);
        System.arraycopy(NO_CRC.getBytes(StandardCharsets.US_ASCII), 0, text, PREFIX.length(), NO_CRC.length());
        if (!stored.equals(hex(crc(text))))
        {
            throw new JournalDamagedException(place, "wrong checksum of the manifest");
        }
        try
        {
            return parse(MAPPER.readTree(text), place);
        }
        catch (final JacksonException | IllegalArgumentException ex)
        {
            throw new JournalDamagedException(place, "unreadable manifest (" + ex.getMessage() + ")");
        }
        catch (final java.io.IOException ex)
        {
            throw new java.io.UncheckedIOException(ex);
        }
    }

    private static Manifest parse(final JsonNode root, final String place)
    {
        final int format = root.path("format").asInt();
        if (FORMAT != format && FORMAT_WITH_SNAPSHOTS != format)
        {
            throw new JournalException("journal of another version: format=" + format + " at " + place);
        }
        final Manifest manifest = new Manifest(UUID.fromString(root.path("clusterId").asText()));
        for (final JsonNode node : root.path("segments"))
        {
            final SegmentEntry open = SegmentEntry.open(
                node.path("name").asText(),
                node.path("firstSequence").asLong(),
                HexFormat.fromHexDigits(node.path("previousCrc").asText()));
            manifest.segments.add(node.has("lastSequence") ? open.close(
                node.path("lastSequence").asLong(),
                HexFormat.fromHexDigits(node.path("lastCrc").asText()),
                node.has("cut") ? node.path("cut").asText() : null) : open);
        }
        root.path("leaving").forEach(name -> manifest.leaving.add(name.asText()));
        for (final JsonNode node : root.path("snapshots"))
        {
            manifest.snapshots.add(new SnapshotEntry(
                node.path("name").asText(),
                node.path("sequence").asLong(),
                HexFormat.fromHexDigits(node.path("recordCrc").asText()),
                node.path("length").asLong(),
                HexFormat.fromHexDigits(node.path("crc32c").asText())));
        }
        return manifest;
    }

    private static int crc(final byte[] text)
    {
        final CRC32C crc32c = new CRC32C();
        crc32c.update(text);
        return (int)crc32c.getValue();
    }

    private static String hex(final int value)
    {
        return HexFormat.of().toHexDigits(value);
    }
}
