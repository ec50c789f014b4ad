package io.plimsoll.transport.uplink;

import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** An agent whose frames are opened: the keys of its present connection, and how far its counters have come. */
final class AdmittedAgent
{
    static final int HEARTBEATS = 0;
    static final int REPORTS = 1;
    static final long NO_IMAGE = Long.MIN_VALUE;

    private final int agentId;
    private final long connection;
    private final SecretKey[] keys;
    private final Cipher[] ciphers = new Cipher[2];
    private final long[] counters = new long[2];
    private long reportImage = NO_IMAGE;

    AdmittedAgent(final int agentId, final long connection, final byte[] heartbeatKey, final byte[] reportKey)
    {
        this.agentId = agentId;
        this.connection = connection;
        this.keys = new SecretKey[]{
            new SecretKeySpec(heartbeatKey, AesGcm.KEY_ALGORITHM), new SecretKeySpec(reportKey, AesGcm.KEY_ALGORITHM)};
    }

    int agentId()
    {
        return agentId;
    }

    long connection()
    {
        return connection;
    }

    SecretKey key(final int stream)
    {
        return keys[stream];
    }

    /**
     * Opens its frames on a stream. One for each, because a cipher that is given another key derives it anew: that
     * takes a microsecond, three times as long as all the rest, and 0.7 KB are less dear.
     */
    Cipher cipher(final int stream)
    {
        if (null == ciphers[stream])
        {
            ciphers[stream] = AesGcm.newCipher();
        }
        return ciphers[stream];
    }

    boolean isNew(final int stream, final long counter)
    {
        return counter > counters[stream];
    }

    void seen(final int stream, final long counter)
    {
        counters[stream] = counter;
    }

    /** Whether reports come on this image; the first one that does decides. */
    boolean tryBindReports(final long image)
    {
        if (NO_IMAGE == reportImage)
        {
            reportImage = image;
        }
        return reportImage == image;
    }
}
