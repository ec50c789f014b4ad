package io.plimsoll.manager.idle;

/** Is told of bytes that go into sessions and come out of them; any thread, and quick. */
@FunctionalInterface
public interface Traffic
{
    /** Nobody wants to know. */
    Traffic NONE = kernelId ->
    {
    };

    /** Something went to a kernel or came from it. */
    void onBytes(long kernelId);
}
