package dev.lychee.rerank.operators.adjust.rules;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntimeBuilder;
import dev.lychee.rerank.operators.adjust.FieldTimes;
import dev.lychee.rerank.operators.adjust.Words;
import java.time.Instant;
import java.util.List;

/**
 * Functions of rules beside those of CEL.
 *
 * <ul>
 *   <li>{@code days(from, to)}: days between two times, each a timestamp or a text in ISO 8601
 *   <li>{@code ramp(x, x1, y1, x2, y2)}: the straight line through two points, flat outside them
 *   <li>{@code mentions(text, words)}: whether one of the words stands in the text, see {@link
 *       Words#mentions}
 * </ul>
 */
final class RuleFunctions {

    private static final String DAYS = "days";
    private static final String RAMP = "ramp";
    private static final String MENTIONS = "mentions";

    private RuleFunctions() {}

    static void declare(CelCompilerBuilder compiler) {
        CelType any = SimpleType.DYN;
        compiler.addFunctionDeclarations(
                CelFunctionDecl.newFunctionDeclaration(
                        DAYS,
                        CelOverloadDecl.newGlobalOverload(
                                "days_from_to", SimpleType.DOUBLE, any, any)),
                CelFunctionDecl.newFunctionDeclaration(
                        RAMP,
                        CelOverloadDecl.newGlobalOverload(
                                "ramp_two_points", SimpleType.DOUBLE, any, any, any, any, any)),
                CelFunctionDecl.newFunctionDeclaration(
                        MENTIONS,
                        CelOverloadDecl.newGlobalOverload(
                                "mentions_words",
                                SimpleType.BOOL,
                                SimpleType.STRING,
                                ListType.create(SimpleType.STRING))));
    }

    static void bind(CelRuntimeBuilder runtime) {
        runtime.addFunctionBindings(
                CelFunctionBinding.fromOverloads(
                        DAYS,
                        CelFunctionBinding.from(
                                "days_from_to",
                                Object.class,
                                Object.class,
                                (from, to) -> FieldTimes.days(millis(from), millis(to)))));
        runtime.addFunctionBindings(
                CelFunctionBinding.fromOverloads(
                        RAMP,
                        CelFunctionBinding.from(
                                "ramp_two_points",
                                List.of(
                                        Object.class,
                                        Object.class,
                                        Object.class,
                                        Object.class,
                                        Object.class),
                                points ->
                                        ramp(
                                                number(points[0]),
                                                number(points[1]),
                                                number(points[2]),
                                                number(points[3]),
                                                number(points[4])))));
        runtime.addFunctionBindings(
                CelFunctionBinding.fromOverloads(
                        MENTIONS,
                        CelFunctionBinding.from(
                                "mentions_words",
                                String.class,
                                List.class,
                                RuleFunctions::mentions)));
    }

    /**
     * {@code y1} up to {@code x1}, {@code y2} from {@code x2} on, linear between.
     *
     * @throws IllegalArgumentException unless {@code x1 < x2}
     */
    static double ramp(double x, double x1, double y1, double x2, double y2) {
        if (!(x1 < x2)) {
            throw new IllegalArgumentException("ramp: the second x must be above the first");
        }
        if (x <= x1) {
            return y1;
        }
        return x >= x2 ? y2 : y1 + (y2 - y1) * (x - x1) / (x2 - x1);
    }

    private static boolean mentions(String text, List<?> words) {
        for (Object word : words) {
            if (Words.mentions(text, List.of((String) word))) {
                return true;
            }
        }
        return false;
    }

    private static long millis(Object time) {
        if (time instanceof Instant instant) {
            return instant.toEpochMilli();
        }
        long millis = time instanceof String text ? FieldTimes.epochMillis(text) : FieldTimes.NONE;
        if (millis == FieldTimes.NONE) {
            throw new IllegalArgumentException("days: not a time in ISO 8601");
        }
        return millis;
    }

    private static double number(Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException("ramp: not a number");
    }
}
