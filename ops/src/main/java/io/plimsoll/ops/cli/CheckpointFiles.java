package io.plimsoll.ops.cli;

import io.plimsoll.journal.CheckpointOptions;
import io.plimsoll.journal.JournalLockedException;
import io.plimsoll.journal.OfflineCheckpoints;
import io.plimsoll.journal.checkpoint.CheckpointDirectory;
import io.plimsoll.journal.checkpoint.CheckpointException;
import io.plimsoll.journal.checkpoint.CheckpointKey;
import io.plimsoll.journal.checkpoint.SignedCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.HexFormat;

/** Where checkpoints of a journal and their keys are, for commands. */
final class CheckpointFiles
{
    private CheckpointFiles()
    {
    }

    /** Those of a journal; the key as told, or beside it. */
    static CheckpointOptions options(final Terminal terminal, final Path journal, final String key)
    {
        final CheckpointOptions options = CheckpointOptions.beside(journal);
        return null == key ? options : options.withKey(terminal.path(key));
    }

    /** The newest checkpoint, of now if no manager writes the journal. */
    static SignedCheckpoint newest(final Path journal, final CheckpointOptions options)
    {
        try
        {
            final Path kept = new CheckpointDirectory(options.directory()).newest();
            if (null != kept && !Files.exists(options.key()))
            {
                // A key elsewhere: a new one would not do.
                return CheckpointDirectory.read(kept);
            }
            final SignedCheckpoint made = OfflineCheckpoints.make(journal, options);
            if (null == made)
            {
                throw new CliException(
                    ExitCode.UNKNOWN, "the journal " + journal + " is empty: there is nothing to sign");
            }
            return made;
        }
        catch (final JournalLockedException ex)
        {
            final Path kept = new CheckpointDirectory(options.directory()).newest();
            if (null == kept)
            {
                throw new CliException(ExitCode.UNKNOWN, "the manager that runs has made no checkpoint yet; its" +
                    " journal.checkpoint-interval says when it does");
            }
            return CheckpointDirectory.read(kept);
        }
    }

    static PublicKey publicKey(final Terminal terminal, final String file)
    {
        try
        {
            return CheckpointKey.openPublic(terminal.path(file));
        }
        catch (final CheckpointException ex)
        {
            throw new CliException(ExitCode.USAGE, "--public-key: " + ex.getMessage());
        }
    }

    /** By which people compare keys: SHA-256 of what X.509 has it as. */
    static String fingerprint(final PublicKey key)
    {
        try
        {
            return HexFormat.of().formatHex(
                java.security.MessageDigest.getInstance("SHA-256").digest(key.getEncoded()), 0, 16);
        }
        catch (final java.security.NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    static void write(final Terminal terminal, final String file, final byte[] content)
    {
        try
        {
            Files.write(terminal.path(file), content);
        }
        catch (final IOException ex)
        {
            throw new CliException(ExitCode.USAGE, "--out: " + file + " cannot be written; is its directory there?");
        }
    }
}
