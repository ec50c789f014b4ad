package io.plimsoll.transport.auth;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What an agent needs to join a cluster it knows nothing of: {@code id.secret.sha256}. Id and secret prove to the
 * manager that the agent may join; the SHA-256 of the cluster's authority proves to the agent that it talks to the
 * right manager, before it sends the secret.
 *
 * @param id       names the token, 8 to 32 letters and digits.
 * @param secret   as made by {@link Credentials#newSecret}.
 * @param caSha256 SHA-256 of the certificate of the authority, 64 lower-case hex digits.
 */
public record JoinToken(String id, String secret, String caSha256)
{
    private static final int ID_LENGTH = 5;
    private static final int ID_TEXT_MIN = 8;
    private static final int ID_TEXT_MAX = 32;
    private static final int SECRET_TEXT_MIN = 16;
    private static final int SECRET_TEXT_MAX = 128;
    private static final String SHAPE = "a join token looks like id.secret.sha256";

    /**
     * Makes a token.
     *
     * @param caSha256 64 hex digits.
     * @param random   to draw from.
     * @return a new token.
     */
    public static JoinToken create(final String caSha256, final SecureRandom random)
    {
        final byte[] id = new byte[ID_LENGTH];
        random.nextBytes(id);
        return new JoinToken(HexFormat.of().formatHex(id), Credentials.newSecret(random), caSha256);
    }

    /**
     * Reads a token.
     *
     * @param text to read; surrounding white space does not matter.
     * @return the token.
     * @throws IllegalArgumentException that says what is wrong; never contains the secret.
     */
    public static JoinToken parse(final String text)
    {
        final String[] parts = text.strip().split("\\.", -1);
        if (3 != parts.length)
        {
            throw new IllegalArgumentException(
                SHAPE + ", three parts with dots between them; this has " + parts.length);
        }
        checkWord("id", parts[0], ID_TEXT_MIN, ID_TEXT_MAX);
        checkWord("secret", parts[1], SECRET_TEXT_MIN, SECRET_TEXT_MAX);
        return new JoinToken(parts[0], parts[1], checkedSha256(parts[2]));
    }

    /** The whole token. */
    public String format()
    {
        return id + "." + secret + "." + caSha256;
    }

    /** The part that the agent sends to the manager. */
    public String secretPart()
    {
        return id + "." + secret;
    }

    /** Without the secret, since tokens end up in messages. */
    @Override
    public String toString()
    {
        return "JoinToken[id=" + id + ", caSha256=" + caSha256 + "]";
    }

    /**
     * Reads a SHA-256.
     *
     * @param text 64 hex digits, either case.
     * @return lower-case digits.
     * @throws IllegalArgumentException that says what is wrong.
     */
    public static String checkedSha256(final String text)
    {
        if (!text.matches("[0-9a-fA-F]{64}"))
        {
            throw new IllegalArgumentException(
                SHAPE + ", and sha256 has 64 hexadecimal digits; this has " + text.length() + " characters" +
                (64 == text.length() ? ", some of them no hexadecimal digits" : ""));
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static void checkWord(final String name, final String word, final int min, final int max)
    {
        if (word.length() < min || word.length() > max)
        {
            throw new IllegalArgumentException(
                SHAPE + ", and " + name + " has " + min + " to " + max + " characters; this has " + word.length());
        }
        if (!word.matches("[0-9a-zA-Z_-]+"))
        {
            throw new IllegalArgumentException(
                SHAPE + ", and " + name + " consists of letters, digits, _ and -");
        }
    }
}
