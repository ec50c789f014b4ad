/**
 * Load tests in real time: a manager of flesh and blood, thousands of simulated agents on the real transport, and a
 * record of all that was promised and done, against which the run is checked. Start reading at {@link
 * io.plimsoll.loadtest.live.LoadRun}.
 */
package io.plimsoll.loadtest.live;
