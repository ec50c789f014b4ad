/**
 * Pages that need nothing but themselves: what a run, a plan, a load test or a comparison came to, with plots. What all
 * of them share is here; the script of each is beside what it shows.
 */
package io.plimsoll.loadtest.page;
