package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalRequest;
import io.plimsoll.agent.usage.UsageSubject;
import io.plimsoll.transport.sbe.TerminalCode;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs kernels. Called by the agent's thread only; nothing here waits. A kernel that was launched or adopted is held
 * until its end has been told. Closing leaves kernels running: they outlive their agent.
 */
public interface KernelRuntime extends AutoCloseable
{
    /** Name to tell the manager, such as {@code process}. */
    String name();

    /**
     * Starts a kernel, or says at a later poll why it could not.
     *
     * @param launch what to start.
     * @param nowNs  now.
     * @return false if it cannot be done now: try again.
     */
    boolean tryLaunch(KernelLaunch launch, long nowNs);

    /**
     * Takes up a kernel of an earlier life of the agent.
     *
     * @param assignment of it.
     * @param nowNs      now.
     * @return false if it never started, so that it may be launched.
     */
    boolean adopt(Assignment assignment, long nowNs);

    /**
     * Makes sure that a kernel that is not held never starts, whoever may be about to start it.
     *
     * @param key of it.
     * @return false if it has started (adopt it), or if that cannot be made sure now (try again).
     */
    boolean forestall(KernelKey key);

    /**
     * Ends a kernel: SIGTERM to all its processes, SIGKILL after the grace. Idempotent; a repetition may shorten the
     * grace, never lengthen it. Nothing happens to kernels that are not held.
     *
     * @param key     of it.
     * @param graceNs between the two.
     * @param nowNs   now.
     */
    void kill(KernelKey key, long graceNs, long nowNs);

    /**
     * Tells what happened, and carries on what was begun.
     *
     * @param listener to tell.
     * @param nowNs    now.
     * @return how much was done.
     */
    int poll(KernelListener listener, long nowNs);

    /** Until when nothing is to be polled unless it is called; {@link Long#MIN_VALUE}: that is not known. */
    default long idleUntilNs()
    {
        return Long.MIN_VALUE;
    }

    /** Kernels held, which are those that may have live processes. */
    int alive();

    /**
     * Gives a device of the host to nobody any more; who has it keeps it.
     *
     * @param device id of it, or of the one that it is a slice of.
     */
    default void takeOut(final String device)
    {
        // Runtimes that hand out no devices of a host have none to take out.
    }

    /**
     * Names the kernels that run, for whoever looks at what they use.
     *
     * @param to told of each.
     */
    default void subjects(final Consumer<UsageSubject> to)
    {
        // Kernels that are only imagined use nothing.
    }

    /**
     * Runs a command beside a kernel, within its limits and with its environment.
     *
     * @param key     of the kernel.
     * @param request what to run.
     * @param nowNs   now.
     * @return the command, running or about to; null: the kernel is not held here.
     * @throws TerminalException if it cannot be started; why may also be told later.
     */
    default KernelTerminal openTerminal(final KernelKey key, final TerminalRequest request, final long nowNs)
        throws TerminalException
    {
        throw new TerminalException(TerminalCode.UNSUPPORTED, "the runtime " + name() + " has no terminals");
    }

    /**
     * Joins a kernel's own standard input; a terminal that has no output and no end of its own.
     *
     * @param key   of the kernel.
     * @param nowNs now.
     * @return the input; null: the kernel is not held here.
     * @throws TerminalException if it has none.
     */
    default KernelTerminal openInput(final KernelKey key, final long nowNs) throws TerminalException
    {
        throw new TerminalException(TerminalCode.UNSUPPORTED, "the runtime " + name() + " gives kernels no input");
    }

    /**
     * Tells a kernel where the host offers ports of others of its session.
     *
     * @param key   of the kernel; nothing happens unless it is held.
     * @param ports by the indices of those kernels, as {@code 8080=30000,8081=30001}.
     */
    default void tellPorts(final KernelKey key, final Map<Integer, String> ports)
    {
        // Who has no network of its own asks the host.
    }

    /** Forgets what it keeps of an ended kernel outside its directory. */
    void discard(KernelKey key);

    @Override
    void close();
}
