package io.plimsoll.loadtest.whatif;

import io.plimsoll.loadtest.simulate.SessionSpec;

/**
 * A session that a change adds.
 *
 * @param spec  what it asks for and does.
 * @param index of it among all that are added, from 0.
 */
record AddedSession(SessionSpec spec, int index)
{
}
