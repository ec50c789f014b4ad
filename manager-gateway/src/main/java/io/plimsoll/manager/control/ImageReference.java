package io.plimsoll.manager.control;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * References of images by the grammar that Docker Engines share (that of the distribution project):
 * {@code [HOST[:PORT]/]NAME[:TAG][@ALGORITHM:HEX]}. What breaks it would be refused by the engine of each agent that
 * it is tried on. Where engines differ, this is as strict as the older ones: to them {@code UPPER/case} is no name, to
 * newer ones it is a registry on a host called UPPER, which can be written as {@code UPPER:443/case}. Stateless.
 */
public final class ImageReference
{
    private static final int NAME_LENGTH_MAX = 255;
    private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*+(?<!-))?";
    private static final Pattern HOST =
        Pattern.compile("(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[a-fA-F0-9:]+])(?::[0-9]+)?");
    private static final String PART = "[a-z0-9]++(?:(?:\\.|__?|-++)[a-z0-9]++)*+";
    private static final Pattern NAME = Pattern.compile(PART + "(?:/" + PART + ")*+");
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}");
    private static final Pattern DIGEST =
        Pattern.compile("sha256:[0-9a-f]{64}|(?!sha256:)[a-zA-Z][a-zA-Z0-9+._-]*+:[0-9a-fA-F]{32,}+");

    private ImageReference()
    {
    }

    /**
     * Checks a reference.
     *
     * @param image that a session names.
     * @throws IllegalArgumentException that says which part of it is wrong, and what would be right.
     */
    public static void check(final String image)
    {
        final int at = image.indexOf('@');
        final String named = at < 0 ? image : image.substring(0, at);
        if (at >= 0)
        {
            require(DIGEST, image.substring(at + 1), "the digest", "such as sha256: and 64 digits of 0-9a-f");
        }
        final int slash = named.indexOf('/');
        final String first = slash < 0 ? "" : named.substring(0, slash);
        final boolean hasHost = first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || "localhost".equals(first);
        if (hasHost)
        {
            require(HOST, first, "the registry", "such as registry.example.org or registry:5000");
        }
        else if (!first.equals(first.toLowerCase(Locale.ROOT)))
        {
            final int tag = named.indexOf(':', named.lastIndexOf('/') + 1);
            final String name = tag < 0 ? named : named.substring(0, tag);
            throw new IllegalArgumentException("the name " + shown(name) + " has capitals; right is " +
                name.toLowerCase(Locale.ROOT) + ", or, if " + first + " is a registry, its port as well: " + first +
                ":443" + name.substring(slash));
        }
        final String rest = hasHost ? named.substring(slash + 1) : named;
        final int colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
        if (colon >= 0)
        {
            require(
                TAG, rest.substring(colon + 1), "the tag",
                "up to 128 letters, digits and _ . -, a letter, digit or _ first");
        }
        final String name = colon < 0 ? rest : rest.substring(0, colon);
        require(NAME, name, "the name", "lower-case letters and digits, such as python or team/train, with one of" +
            " . _ __ or hyphens between them");
        if (name.length() > NAME_LENGTH_MAX)
        {
            throw new IllegalArgumentException(
                "the name has " + name.length() + " characters; right is at most " + NAME_LENGTH_MAX);
        }
    }

    private static void require(final Pattern pattern, final String given, final String what, final String right)
    {
        if (!pattern.matcher(given).matches())
        {
            throw new IllegalArgumentException(what + " is " + shown(given) + "; right is " + right);
        }
    }

    private static String shown(final String given)
    {
        return given.isEmpty() ? "missing" : "\"" + given + "\"";
    }
}
