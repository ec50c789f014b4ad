package io.plimsoll.agent.runtime;

/** References of images. */
final class ImageName
{
    private ImageName()
    {
    }

    /** With the tag that is meant where none is said: a pull without one fetches them all. */
    static String withTag(final String image)
    {
        return isDigest(image) || image.indexOf(':', image.lastIndexOf('/') + 1) >= 0 ? image : image + ":latest";
    }

    /** Whether it names content, which never changes. */
    static boolean isDigest(final String image)
    {
        return image.indexOf('@') >= 0;
    }
}
