package io.plimsoll.journal;

import static io.plimsoll.journal.checkpoint.MerkleHasher.HASH_LENGTH;

import io.plimsoll.journal.checkpoint.MerkleHasher;
import io.plimsoll.journal.checkpoint.MerkleTree;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;

/**
 * Hashes of the excerpts of a segment, 32 bytes each and nothing else, in a file beside it. Nobody need trust the file:
 * whether it is right follows from the root that a checkpoint names. If it is, it tells which excerpt was changed.
 * Writing is for one thread.
 */
final class LeafFile implements AutoCloseable
{
    static final String NAME = "leaves.sha256";

    private static final int BUFFER_LENGTH = 64 << 10;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_LENGTH);
    private long position;

    /** Of a segment of a journal. */
    static Path of(final Path journal, final String segment)
    {
        return journal.resolve(segment).resolve(NAME);
    }

    /**
     * Opens one to be written.
     *
     * @param size number of hashes that stay.
     */
    LeafFile(final Path file, final long size) throws IOException
    {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        position = size * HASH_LENGTH;
        channel.truncate(position);
    }

    void add(final byte[] hash) throws IOException
    {
        if (!buffer.hasRemaining())
        {
            flush();
        }
        buffer.put(hash);
    }

    void flush() throws IOException
    {
        buffer.flip();
        while (buffer.hasRemaining())
        {
            position += channel.write(buffer, position);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException
    {
        channel.close();
    }

    /**
     * How many hashes of a file are right.
     *
     * @param roots in hex, by size of the tree.
     * @return the largest size at which the hashes amount to the root; 0 if there is none, or no file.
     */
    static long trustedSize(final Path file, final SortedMap<Long, String> roots)
    {
        final MerkleTree tree = new MerkleTree(new MerkleHasher());
        long trusted = 0;
        try (InputStream hashes = read(file))
        {
            final byte[] hash = new byte[HASH_LENGTH];
            for (final Map.Entry<Long, String> root : roots.entrySet())
            {
                while (tree.size() < root.getKey() && HASH_LENGTH == hashes.readNBytes(hash, 0, HASH_LENGTH))
                {
                    tree.append(hash, 0);
                }
                if (tree.size() < root.getKey() || !HexFormat.of().formatHex(tree.root()).equals(root.getValue()))
                {
                    break;
                }
                trusted = root.getKey();
            }
            return trusted;
        }
        catch (final IOException ex)
        {
            return trusted;
        }
    }

    /** The hashes, one after the other; none if there is no file. */
    static InputStream read(final Path file) throws IOException
    {
        return Files.exists(file) ?
            new BufferedInputStream(Files.newInputStream(file), BUFFER_LENGTH) : InputStream.nullInputStream();
    }
}
