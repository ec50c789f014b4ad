package io.plimsoll.ops.etcd;

/** etcd did not do what it was asked, in time or at all; the message is for people. */
public final class EtcdException extends Exception
{
    private static final long serialVersionUID = 1L;

    EtcdException(final String message)
    {
        super(message, null, false, false);
    }
}
