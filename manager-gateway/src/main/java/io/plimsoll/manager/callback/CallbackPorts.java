package io.plimsoll.manager.callback;

/**
 * What callbacks need of the outside.
 *
 * @param options  of the operator.
 * @param sender   that carries them; null: nobody is ever told of anything.
 * @param signer   that proves whom they come from.
 * @param position that survives a restart.
 */
public record CallbackPorts(
    CallbackOptions options, CallbackSender sender, CallbackSigner signer, CallbackPosition position)
{
    /** Nobody is ever told of anything. */
    public static final CallbackPorts NONE =
        new CallbackPorts(CallbackOptions.DEFAULTS, null, null, new CallbackPosition(null));
}
