package io.plimsoll.agent.plugin;

import io.plimsoll.agent.usage.Totals;
import java.io.IOException;

/**
 * Runs kernels in a way of its own. Found through {@link java.util.ServiceLoader}, made by a constructor without
 * parameters, and used if {@code agent.runtimes} of the configuration has its name; sessions ask for it by that name.
 * <p>
 * Kernels outlive their agent: what runs them must not end with this process, and what is needed to find them again
 * belongs into their directories. {@link #state} is all that the next life of the agent has to go by.
 * <p>
 * Calls come from threads that exist for them, several at a time, but one at a time for each kernel. They may wait: one
 * that takes longer than its time is interrupted, and what it gives later is not looked at. Whatever is thrown counts
 * against the kernel that was asked about, and no other.
 */
public interface RuntimePlugin extends AutoCloseable
{
    /** In lower case with digits and hyphens, as in the configuration; not {@code process}, nor {@code docker}. */
    String name();

    /**
     * Begins; within ten seconds.
     *
     * @param setting of the configuration under this name.
     * @param host    that the kernels run on.
     * @throws IOException              if it cannot work here; the message is for people.
     * @throws IllegalArgumentException if the setting is wrong.
     */
    void open(String setting, RuntimeHost host) throws IOException;

    /**
     * Starts a kernel, or begins to, within thirty seconds; {@link #state} says how that goes on. The thread that calls
     * is bound to the cores and memory of the kernel, and so is what it starts.
     *
     * @param kernel to start; for the first and only time.
     * @throws IOException if it cannot be, and nothing of it runs; the message is for people.
     */
    void start(PluginKernel kernel) throws IOException;

    /**
     * How a kernel is, within ten seconds; asked a few times a second, and of kernels that an earlier life of the agent
     * has started. One that has ended goes on to be so until {@link #forget}.
     *
     * @param kernel that was to be started, or has been.
     * @return how it is, never null.
     * @throws IOException if that cannot be said now. It is asked again; a kernel of which nothing is known for half a
     *                     minute is given up.
     */
    KernelState state(PluginKernel kernel) throws IOException;

    /**
     * Signals a kernel with all its processes, within ten seconds: 15, to end in order, and after the grace 9, again
     * and again until it has ended. One that does not run is none to signal.
     *
     * @param kernel that was to be started, or has been.
     * @param signal 15 or 9.
     * @throws IOException if that cannot be done now; it is tried again.
     */
    void signal(PluginKernel kernel, int signal) throws IOException;

    /**
     * What a kernel uses; asked every two seconds or so while it runs.
     *
     * @param kernel that runs.
     * @return null if the agent shall look for itself, from the process that {@link KernelState#pid} names.
     * @throws IOException if that cannot be said now.
     */
    default Totals usage(final PluginKernel kernel) throws IOException
    {
        return null;
    }

    /**
     * Whether it ends kernels when {@link PluginKernel#leaseFile} tells it to, with the agent dead or alive. If not,
     * sessions that may be started elsewhere once their agent is lost are refused.
     */
    default boolean obeysLeases()
    {
        return false;
    }

    /** Whether it takes {@link PluginKernel#image}. If not, sessions with an image are refused. */
    default boolean takesImages()
    {
        return false;
    }

    /**
     * Forgets what it keeps of a kernel that has ended, or was never started, outside of the kernel's directory.
     *
     * @param kernel that is not asked about again.
     * @throws IOException if it cannot; this is only logged.
     */
    default void forget(final PluginKernel kernel) throws IOException
    {
        // Most keep nothing.
    }

    /** The agent ends, and its kernels go on. */
    @Override
    default void close()
    {
        // Most hold nothing.
    }
}
