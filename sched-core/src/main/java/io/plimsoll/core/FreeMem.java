package io.plimsoll.core;

/** What agents have free of mem, after what is being tried. */
@FunctionalInterface
interface FreeMem
{
    long freeMem(int agent);
}
