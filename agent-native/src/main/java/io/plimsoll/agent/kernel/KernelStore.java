package io.plimsoll.agent.kernel;

/**
 * Keeps what must outlive the agent: assignments, fences, verdicts, and which ends the manager has acknowledged. What
 * it has taken survives the end of the agent's process by any means. It does not promise to survive a power cut:
 * that ends the kernels as well. Called by the agent's thread.
 */
public interface KernelStore
{
    /**
     * Keeps an assignment. Must be called in the order of assignment numbers.
     *
     * @param assignment to keep.
     * @return null if it is kept, else why not, for people.
     */
    String tryStore(Assignment assignment);

    /**
     * Keeps the limit of a kernel that is kept, which is another one than that of its assignment by now.
     *
     * @param assignment with the limit that it has now.
     */
    void limit(Assignment assignment);

    /**
     * Keeps the fact that this epoch was killed before it was assigned, and must never start.
     *
     * @param key of the epoch.
     * @param end to report of it.
     * @return whether it is kept.
     */
    boolean tryFence(KernelKey key, KernelEnd end);

    /** Keeps an end that nobody could read off the traces of the kernel later. */
    void verdict(KernelKey key, KernelEnd end);

    /** Keeps the fact that the manager has journalled the end. */
    void acknowledged(KernelKey key);

    /** Forgets a kernel with its files. */
    void remove(KernelKey key);

    /** Reads all that is kept; before anything else is called. */
    void load(Loader loader);

    /** Takes what is kept. */
    @FunctionalInterface
    interface Loader
    {
        /**
         * One kernel.
         *
         * @param key          of the epoch.
         * @param assignment   null: a fence.
         * @param verdict      null: none.
         * @param acknowledged whether the manager has journalled the end.
         */
        void onKernel(KernelKey key, Assignment assignment, KernelEnd verdict, boolean acknowledged);
    }
}
