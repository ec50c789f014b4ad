package io.plimsoll.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plimsoll.transport.auth.SecretFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** In {@code agent.json}, replaced whole and forced to disk; readable by its owner only, for it holds credentials. */
final class FileAgentMemoryStore implements AgentMemoryStore
{
    private static final int HEX = 16;

    private final ObjectMapper json = new ObjectMapper();
    private final Path file;

    FileAgentMemoryStore(final Path file)
    {
        this.file = file;
    }

    @Override
    public AgentMemory load()
    {
        try
        {
            if (!Files.exists(file))
            {
                final AgentMemory memory = new AgentMemory(UUID.randomUUID());
                save(memory);
                return memory;
            }
            return read(json.readTree(Files.readAllBytes(file)));
        }
        catch (final IOException | IllegalArgumentException e)
        {
            throw new IllegalStateException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void save(final AgentMemory memory)
    {
        final ObjectNode root = json.createObjectNode();
        root.put("uuid", memory.uuid().toString());
        root.put("caSha256", memory.caSha256());
        for (final AgentMemory.Cluster cluster : memory.clusters())
        {
            root.withArray("clusters").addObject()
                .put("idHi", Long.toHexString(cluster.idHi))
                .put("idLo", Long.toHexString(cluster.idLo))
                .put("term", cluster.term)
                .put("termNonce", cluster.termNonce)
                .put("sequence", cluster.sequence)
                .put("highestAssignment", cluster.highestAssignment)
                .put("credential", cluster.credential);
        }
        try
        {
            SecretFiles.write(file, json.writeValueAsBytes(root));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static AgentMemory read(final JsonNode root)
    {
        final AgentMemory memory = new AgentMemory(UUID.fromString(root.path("uuid").asText()));
        memory.caSha256(root.path("caSha256").asText());
        for (final JsonNode node : root.path("clusters"))
        {
            final AgentMemory.Cluster cluster = memory.enter(
                Long.parseUnsignedLong(node.path("idHi").asText(), HEX),
                Long.parseUnsignedLong(node.path("idLo").asText(), HEX));
            cluster.term = node.path("term").asLong();
            cluster.termNonce = node.path("termNonce").asLong();
            cluster.sequence = node.path("sequence").asLong();
            cluster.highestAssignment = node.path("highestAssignment").asLong();
            cluster.credential = node.path("credential").asText();
        }
        return memory;
    }
}
