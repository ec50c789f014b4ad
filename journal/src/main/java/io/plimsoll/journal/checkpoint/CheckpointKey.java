package io.plimsoll.journal.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * The Ed25519 key that checkpoints are signed with. Its file holds both halves as PEM (PKCS#8 and SubjectPublicKeyInfo,
 * as OpenSSL writes them), because the JDK cannot derive the public one; beside it lies the public half alone, with
 * {@link #PUBLIC_SUFFIX}, for others.
 */
public final class CheckpointKey
{
    /** Of the file with the public half. */
    public static final String PUBLIC_SUFFIX = ".pub";

    private static final String ALGORITHM = "Ed25519";
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";
    private static final int LINE_LENGTH = 64;

    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    private CheckpointKey(final PrivateKey privateKey, final PublicKey publicKey)
    {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /** A new key, nowhere but here. */
    public static CheckpointKey generate()
    {
        try
        {
            final KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            return new CheckpointKey(pair.getPrivate(), pair.getPublic());
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    /**
     * Reads a key, or makes one if there is none; readable for its owner only from the first moment on.
     *
     * @param file of the key.
     * @throws CheckpointException if what is there is no such key.
     */
    public static CheckpointKey openOrCreate(final Path file)
    {
        try
        {
            if (!Files.exists(file))
            {
                final CheckpointKey key = generate();
                write(file, pem(PRIVATE, key.privateKey.getEncoded()) + key.publicPem(), "rw-------");
            }
            final CheckpointKey key = open(file);
            final Path publicFile = file.resolveSibling(file.getFileName() + PUBLIC_SUFFIX);
            if (!Files.exists(publicFile))
            {
                write(publicFile, key.publicPem(), "rw-r--r--");
            }
            return key;
        }
        catch (final NoSuchFileException | AccessDeniedException ex)
        {
            throw new CheckpointException(
                "key " + file + " cannot be made: its directory is not there, or not ours", ex);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("cannot make the key " + file + ": " + ex.getMessage(), ex);
        }
    }

    /**
     * Reads a key.
     *
     * @throws CheckpointException if what is there is no such key.
     */
    public static CheckpointKey open(final Path file)
    {
        final String text = read(file);
        try
        {
            final KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
            final byte[] encoded = block(text, PRIVATE, file);
            final CheckpointKey key = new CheckpointKey(
                factory.generatePrivate(new PKCS8EncodedKeySpec(encoded)), publicKey(block(text, PUBLIC, file)));
            if (!isSigned(key.publicKey, encoded, key.sign(encoded)))
            {
                throw new CheckpointException("key " + file + ": its two halves do not belong together");
            }
            return key;
        }
        catch (final GeneralSecurityException | IllegalArgumentException ex)
        {
            throw new CheckpointException("key " + file + " is no Ed25519 key in PEM: " + ex.getMessage(), ex);
        }
    }

    /**
     * Reads the public half of a key, from its own file or from one that holds both.
     *
     * @throws CheckpointException if what is there is no such key.
     */
    public static PublicKey openPublic(final Path file)
    {
        final String text = read(file);
        try
        {
            return publicKey(block(text, PUBLIC, file));
        }
        catch (final IllegalArgumentException ex)
        {
            throw new CheckpointException("key " + file + " is no Ed25519 key in PEM: " + ex.getMessage(), ex);
        }
    }

    /** A public key as {@link PublicKey#getEncoded()} gives it. */
    static PublicKey publicKey(final byte[] encoded)
    {
        try
        {
            return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalArgumentException("no Ed25519 public key", ex);
        }
    }

    static boolean isSigned(final PublicKey key, final byte[] content, final byte[] signature)
    {
        try
        {
            final Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(content);
            return verifier.verify(signature);
        }
        catch (final GeneralSecurityException ex)
        {
            // A signature that cannot even be read, or a key of another kind.
            return false;
        }
    }

    byte[] sign(final byte[] content)
    {
        try
        {
            final Signature signer = Signature.getInstance(ALGORITHM);
            signer.initSign(privateKey);
            signer.update(content);
            return signer.sign();
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    public PublicKey publicKey()
    {
        return publicKey;
    }

    /** The public half, for others. */
    public String publicPem()
    {
        return pem(PUBLIC, publicKey.getEncoded());
    }

    static String pem(final PublicKey key)
    {
        return pem(PUBLIC, key.getEncoded());
    }

    private static String pem(final String kind, final byte[] content)
    {
        return "-----BEGIN " + kind + "-----\n" +
            Base64.getMimeEncoder(LINE_LENGTH, new byte[]{'\n'}).encodeToString(content) +
            "\n-----END " + kind + "-----\n";
    }

    private static byte[] block(final String text, final String kind, final Path file)
    {
        final String begin = "-----BEGIN " + kind + "-----";
        final int from = text.indexOf(begin);
        final int to = text.indexOf("-----END " + kind + "-----");
        if (from < 0 || to < from)
        {
            throw new CheckpointException("key " + file + " holds no " + kind + " in PEM" + (PUBLIC.equals(kind) ?
                "; OpenSSL adds it to a private key: openssl pkey -in KEY -pubout >> KEY" : ""));
        }
        return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    }

    private static String read(final Path file)
    {
        try
        {
            return Files.readString(file, StandardCharsets.UTF_8);
        }
        catch (final IOException ex)
        {
            throw new CheckpointException("key " + file + " cannot be read", ex);
        }
    }

    private static void write(final Path file, final String text, final String permissions) throws IOException
    {
        final Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(written);
        Files.createFile(written, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE))
        {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
