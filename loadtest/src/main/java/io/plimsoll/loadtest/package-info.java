/**
 * Whole clusters without machines: generated work for the core, proofs over journals, and the real manager and agent
 * stepped in one thread under a seed.
 */
package io.plimsoll.loadtest;
