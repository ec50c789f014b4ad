package io.plimsoll.manager.callback;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Carries one callback to whoever takes it; any thread. */
public interface CallbackSender extends AutoCloseable
{
    /**
     * Tries once, and does not wait for long.
     *
     * @param url     where to.
     * @param headers beside those that any request has.
     * @param body    JSON.
     * @return status of the answer, or why there is none; the message is for people.
     */
    CompletableFuture<Integer> send(CallbackUrl url, Map<String, String> headers, byte[] body);

    @Override
    void close();
}
