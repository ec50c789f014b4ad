package io.plimsoll.manager.link;

import io.plimsoll.transport.auth.Credentials;
import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.auth.SecretFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Hashes of the agents' credentials in a file of lines {@code uuid sha256}, of which the last of an agent counts. It is
 * rewritten when it is opened, and appended and synced for each join, before the agent is told. Called by the thread of
 * the links.
 */
public final class AgentCredentials implements AgentAuthority, AutoCloseable
{
    /** Stands in for the hash of an agent that has none, so that a wrong uuid takes as long as a wrong credential. */
    private static final String NO_HASH = "0".repeat(64);

    private final Map<UUID, String> hashByUuid;
    private final FileChannel file;
    private final String tokenHash;
    private final SecureRandom random;

    private AgentCredentials(
        final Map<UUID, String> hashByUuid,
        final FileChannel file,
        final String tokenHash,
        final SecureRandom random)
    {
        this.hashByUuid = hashByUuid;
        this.file = file;
        this.tokenHash = tokenHash;
        this.random = random;
    }

    /**
     * Opens the file, or makes an empty one.
     *
     * @param path   of the file.
     * @param token  that joins.
     * @param random for credentials.
     * @return the open store.
     * @throws IOException that names the file.
     */
    public static AgentCredentials open(final Path path, final JoinToken token, final SecureRandom random)
        throws IOException
    {
        final Map<UUID, String> hashes = new HashMap<>();
        if (Files.exists(path))
        {
            for (final String line : new String(SecretFiles.read(path), StandardCharsets.UTF_8).split("\n", -1))
            {
                readLine(line, hashes);
            }
        }
        final StringBuilder compacted = new StringBuilder();
        hashes.forEach((uuid, hash) -> compacted.append(line(uuid, hash)));
        SecretFiles.write(path, compacted.toString().getBytes(StandardCharsets.UTF_8));
        final FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        return new AgentCredentials(hashes, channel, Credentials.hash(token.secretPart()), random);
    }

    private static void readLine(final String line, final Map<UUID, String> hashes)
    {
        final int space = line.indexOf(' ');
        // A crash may have torn the last line; its agent was not told and joins again.
        if (36 == space && 36 + 1 + 64 == line.length())
        {
            hashes.put(UUID.fromString(line.substring(0, space)), line.substring(space + 1));
        }
    }

    private static String line(final UUID uuid, final String hash)
    {
        return uuid + " " + hash + "\n";
    }

    @Override
    public boolean admits(final UUID uuid, final String credential)
    {
        final String hash = hashByUuid.get(uuid);
        return Credentials.matches(credential, null == hash ? NO_HASH : hash) && null != hash;
    }

    @Override
    public String join(final UUID uuid, final String joinToken)
    {
        if (!Credentials.matches(joinToken, tokenHash))
        {
            return null;
        }
        final String credential = Credentials.newSecret(random);
        final String hash = Credentials.hash(credential);
        try
        {
            append(line(uuid, hash).getBytes(StandardCharsets.UTF_8));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("cannot store the credential of agent " + uuid, e);
        }
        hashByUuid.put(uuid, hash);
        return credential;
    }

    private void append(final byte[] line) throws IOException
    {
        final long length = file.size();
        try
        {
            final ByteBuffer bytes = ByteBuffer.wrap(line);
            while (bytes.hasRemaining())
            {
                file.write(bytes);
            }
            file.force(false);
        }
        catch (final IOException e)
        {
            // Half a line would swallow the next one.
            file.truncate(length);
            throw e;
        }
    }

    @Override
    public void close()
    {
        try
        {
            file.close();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
