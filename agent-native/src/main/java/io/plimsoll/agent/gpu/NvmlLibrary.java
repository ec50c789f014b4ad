package io.plimsoll.agent.gpu;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.util.HashMap;
import java.util.Map;

/**
 * Calls into {@code libnvidia-ml}, by the name of the function: drivers of other ages lack some, which then count as
 * not supported. For one thread at a time.
 */
final class NvmlLibrary
{
    static final int SUCCESS = 0;
    static final int NOT_SUPPORTED = 3;
    static final int GPU_IS_LOST = 15;

    private final NativeLibrary library;
    private final Map<String, Function> functions = new HashMap<>();

    private NvmlLibrary(final NativeLibrary library)
    {
        this.library = library;
    }

    /**
     * Loads it.
     *
     * @param name as the loader of the system searches it, or a path.
     * @return it, or null if there is none.
     */
    static NvmlLibrary load(final String name)
    {
        try
        {
            return new NvmlLibrary(NativeLibrary.getInstance(name));
        }
        catch (final UnsatisfiedLinkError e)
        {
            return null;
        }
    }

    /** What a function answers, which is 0 if all is well. */
    int call(final String name, final Object... arguments)
    {
        final Function function = functions.computeIfAbsent(name, this::find);
        return null == function ? NOT_SUPPORTED : function.invokeInt(arguments);
    }

    private Function find(final String name)
    {
        try
        {
            return library.getFunction(name);
        }
        catch (final UnsatisfiedLinkError e)
        {
            return null;
        }
    }
}
