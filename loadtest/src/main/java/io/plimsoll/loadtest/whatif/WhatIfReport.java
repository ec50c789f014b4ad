package io.plimsoll.loadtest.whatif;

import java.util.List;

/**
 * The answer to a what-if.
 *
 * @param comparison with all figures.
 * @param lines      for people.
 * @param json       one object, in one line.
 */
public record WhatIfReport(Comparison comparison, List<String> lines, String json)
{
}
