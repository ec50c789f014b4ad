/**
 * The packing experiment on the GPU trace of 2023: pods come one by one and never leave, what fits nowhere is dropped.
 * {@link io.plimsoll.loadtest.openb.OpenbRun} runs it on the real core.
 */
package io.plimsoll.loadtest.openb;
