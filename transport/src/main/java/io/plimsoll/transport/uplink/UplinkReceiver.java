package io.plimsoll.transport.uplink;

import org.agrona.DirectBuffer;

/** Manager side of the uplink; opens sealed frames of registered connections and drops (and counts) all others. */
public interface UplinkReceiver extends AutoCloseable
{
    /** Most streams that a poll shares its limit among: with fewer fragments than such a share, none had more. */
    int STREAMS_MAX = 4;

    /** Channel to name in Welcome; its host may be empty. */
    String channel();

    /**
     * Admits a connection. Replaces an older one of the same agent. Any thread.
     *
     * @param agentId      on the connection.
     * @param connection   number of the connection.
     * @param heartbeatKey 16 bytes, for stream 10.
     * @param reportKey    16 bytes, for stream 11.
     */
    void admit(int agentId, long connection, byte[] heartbeatKey, byte[] reportKey);

    /** Forgets a connection, if it is still the agent's current one. Any thread. */
    void dismiss(int agentId, long connection);

    /**
     * Takes what has come in. Called by one thread.
     *
     * @param handler for opened messages.
     * @param limit   most fragments to look at.
     * @return fragments looked at.
     */
    int poll(Handler handler, int limit);

    @Override
    void close();

    /** Takes opened messages. */
    @FunctionalInterface
    interface Handler
    {
        /**
         * One message.
         *
         * @param agentId    that sealed it.
         * @param connection of the key it was sealed with.
         * @param streamId   it came on.
         * @param buffer     valid during the call; authentic, but the content is not trusted.
         * @param offset     of the SBE header.
         * @param length     of header and body.
         * @return false if it cannot be taken now (report stream only): it is delivered again.
         */
        boolean onMessage(int agentId, long connection, int streamId, DirectBuffer buffer, int offset, int length);
    }
}
