/** The sweep against a scripted provider in virtual time: hours of load in seconds. */
@org.jspecify.annotations.NullMarked
package dev.atelier.application.simulation;
