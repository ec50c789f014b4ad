package io.plimsoll.manager;

import io.plimsoll.transport.auth.CertificateAuthority;
import io.plimsoll.transport.auth.Credentials;
import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.auth.SecretFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** Where a manager keeps what; directories only the owner may enter, secrets only the owner may read. */
public final class DataDirectory
{
    private final Path root;

    /**
     * Makes what is missing.
     *
     * @param root of all.
     * @throws IOException that names what cannot be made.
     */
    public DataDirectory(final Path root) throws IOException
    {
        this.root = root;
        SecretFiles.createDirectory(root);
        SecretFiles.createDirectory(journal());
        SecretFiles.createDirectory(root.resolve("kernels"));
        SecretFiles.createDirectory(root.resolve("logs"));
    }

    /** The journal's own directory. */
    public Path journal()
    {
        return root.resolve("journal");
    }

    /** The manager's own database, if it has one. */
    public Path postgres()
    {
        return root.resolve("postgres");
    }

    /** Held by the running manager. */
    public Path lock()
    {
        return root.resolve("manager.lock");
    }

    /** Hashes of the agents' credentials. */
    public Path agentCredentials()
    {
        return root.resolve("agent-credentials");
    }

    /** Token of the administrator, which the local client finds by itself. */
    public String adminToken(final SecureRandom random) throws IOException
    {
        final Path file = root.resolve("token");
        if (!Files.exists(file))
        {
            SecretFiles.writeLine(file, Credentials.newSecret(random));
        }
        return SecretFiles.readLine(file);
    }

    /** What secrets of keypairs are made with. */
    public Path keypairKey()
    {
        return root.resolve("keypair-key");
    }

    /** What callbacks are signed with where no keypair submitted the session. */
    public String callbackSecret(final SecureRandom random) throws IOException
    {
        final Path file = root.resolve("callback-secret");
        if (!Files.exists(file))
        {
            SecretFiles.writeLine(file, Credentials.newSecret(random));
        }
        return SecretFiles.readLine(file);
    }

    /** Up to where callbacks were told. */
    public Path callbackPosition()
    {
        return root.resolve("callbacks.json");
    }

    /** What was known of identities last. */
    public Path identityCache()
    {
        return root.resolve("identities.json");
    }

    /** The authority that vouches for this manager to its agents. */
    public CertificateAuthority authority(final SecureRandom random, final long nowMs) throws IOException
    {
        return CertificateAuthority.openOrCreate(root.resolve("ca"), random, nowMs);
    }

    /**
     * Token that new agents join with. It names the authority: when that was made anew, so is the token.
     *
     * @param caSha256 of the authority.
     */
    public JoinToken joinToken(final String caSha256, final SecureRandom random) throws IOException
    {
        final Path file = root.resolve("join-token");
        if (Files.exists(file))
        {
            final JoinToken token = JoinToken.parse(SecretFiles.readLine(file));
            if (token.caSha256().equals(caSha256))
            {
                return token;
            }
        }
        final JoinToken token = JoinToken.create(caSha256, random);
        SecretFiles.writeLine(file, token.format());
        return token;
    }
}
