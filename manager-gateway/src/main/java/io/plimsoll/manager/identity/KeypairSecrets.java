package io.plimsoll.manager.identity;

import io.plimsoll.manager.callback.CallbackSigner;
import io.plimsoll.transport.auth.Credentials;
import io.plimsoll.transport.auth.SecretFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Secrets of keypairs, which are stored nowhere: each is the HMAC-SHA256 of its access key under a key of this manager,
 * which is in a file of the data directory. So signatures can be checked, and whoever gets hold of the database, which
 * has a hash of each secret, can sign nothing. Immutable.
 */
public final class KeypairSecrets
{
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_LENGTH = 32;

    private final SecretKeySpec key;

    private KeypairSecrets(final byte[] key)
    {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /**
     * Opens the key, or makes it if there is none.
     *
     * @param file   of the key, mode 600.
     * @param random to draw a new one from.
     * @throws IOException if it cannot be read or written, or is none; the message is for people.
     */
    public static KeypairSecrets open(final Path file, final SecureRandom random) throws IOException
    {
        if (!Files.exists(file))
        {
            final byte[] made = new byte[KEY_LENGTH];
            random.nextBytes(made);
            SecretFiles.writeLine(file, HexFormat.of().formatHex(made));
        }
        final String line = SecretFiles.readLine(file);
        if (!line.matches("[0-9a-f]{" + 2 * KEY_LENGTH + "}"))
        {
            throw new IOException(
                file + " is no key of keypairs: right are " + 2 * KEY_LENGTH + " hex digits; restore it from a" +
                    " backup, or remove it and make all keypairs anew");
        }
        return new KeypairSecrets(HexFormat.of().parseHex(line));
    }

    /**
     * What callbacks of sessions of an account are signed with: the secret of the keypair, where there is one that this
     * manager can make.
     *
     * @param identity  of who is who.
     * @param accountId that the session counts for.
     * @param otherwise if there is none.
     */
    public CallbackSigner.Key callbackKey(
        final Identity identity, final int accountId, final CallbackSigner.Key otherwise)
    {
        final Owner owner = identity.owner(accountId);
        if (null == owner || !(identity.subject(owner.keypairId()) instanceof final Keypair keypair))
        {
            return otherwise;
        }
        final String secret = secret(keypair.name());
        return Credentials.matches(secret, keypair.secretSha256()) ?
            new CallbackSigner.Key(keypair.name(), secret) : otherwise;
    }

    /**
     * Secret of a keypair.
     *
     * @param accessKey of it.
     * @return 43 characters of the URL-safe Base64 alphabet.
     */
    public String secret(final String accessKey)
    {
        try
        {
            final Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getUrlEncoder().withoutPadding()
                .encodeToString(mac.doFinal(accessKey.getBytes(StandardCharsets.UTF_8)));
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("every JDK has " + ALGORITHM, ex);
        }
    }
}
