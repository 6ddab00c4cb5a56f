package dev.lychee.rerank.operators.adjust.rules;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSource;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.CelSelect;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntimeBuilder;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelVariableResolver;
import dev.cel.runtime.Program;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One CEL expression of a rule, parsed, type-checked and ready to run. Bounded in length, size,
 * depth and work: the longer an expression, the fewer iterations it may take for a document.
 */
final class RuleExpression {

    static final int MAX_CODE_POINTS = 4_096;
    private static final int MAX_NODES = 1_000;
    private static final int MAX_DEPTH = 50;

    /** Nodes that loops of an expression may visit for one document, about a millisecond. */
    private static final int LOOP_BUDGET = 10_000;

    private static final int MAX_REGEX_PROGRAM = 1_000;

    private static final Set<String> ARITHMETIC = Set.of("_+_", "_-_", "_*_", "_/_");

    private static final CelCompiler COMPILER = compiler();

    private final Program program;
    private final Set<String> variables;

    private RuleExpression(Program program, Set<String> variables) {
        this.program = program;
        this.variables = variables;
    }

    /** Compiles a condition. */
    static RuleExpression condition(String source) throws InvalidRuleException {
        return compile(source, Set.of(CelKind.BOOL), "true or false");
    }

    /** Compiles what gives a number. */
    static RuleExpression number(String source) throws InvalidRuleException {
        return compile(source, Set.of(CelKind.DOUBLE, CelKind.INT, CelKind.UINT), "a number");
    }

    /** Whether the expression reads what only scored documents have. */
    boolean readsScore() {
        return variables.stream().anyMatch(RuleVariables.OF_SCORED::contains);
    }

    boolean test(CelVariableResolver values) throws RuleFailure {
        Object result = evaluate(values);
        if (result instanceof Boolean answer) {
            return answer;
        }
        throw new RuleFailure("it gives " + kindOf(result) + ", not true or false", false);
    }

    double compute(CelVariableResolver values) throws RuleFailure {
        Object result = evaluate(values);
        if (!(result instanceof Number number)) {
            throw new RuleFailure("it gives " + kindOf(result) + ", not a number", false);
        }
        double value = number.doubleValue();
        if (!Double.isFinite(value)) {
            throw new RuleFailure("it gives " + value + ", not a finite number", false);
        }
        return value;
    }

    private Object evaluate(CelVariableResolver values) throws RuleFailure {
        try {
            return program.eval(values);
        } catch (CelEvaluationException e) {
            throw new RuleFailure(
                    problem(e), e.getErrorCode() == CelErrorCode.ITERATION_BUDGET_EXCEEDED);
        } catch (RuntimeException e) {
            throw new RuleFailure(String.valueOf(e.getMessage()), false);
        }
    }

    private static String problem(CelEvaluationException e) {
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause().getMessage() != null) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage());
        return message.lines().findFirst().orElse("it cannot be evaluated");
    }

    private static String kindOf(Object value) {
        return value instanceof String
                ? "a text"
                : value instanceof Boolean ? "true or false" : "another type";
    }

    private static RuleExpression compile(String source, Set<CelKind> kinds, String expected)
            throws InvalidRuleException {
        CelAbstractSyntaxTree tree;
        try {
            tree = COMPILER.compile(source).getAst();
        } catch (CelValidationException e) {
            throw new InvalidRuleException(sentence(e));
        }
        CelType type = tree.getResultType();
        if (type.kind() != CelKind.DYN && !kinds.contains(type.kind())) {
            throw new InvalidRuleException(
                    "it gives %s, expected %s".formatted(type.name(), expected));
        }
        Inspection inspection = new Inspection(tree);
        inspection.visit(tree.getExpr());
        CelRuntimeBuilder runtime =
                CelRuntimeFactory.plannerRuntimeBuilder()
                        .setOptions(
                                options()
                                        .comprehensionMaxIterations(
                                                Math.max(1, LOOP_BUDGET / inspection.nodes))
                                        .build());
        RuleFunctions.bind(runtime);
        try {
            return new RuleExpression(
                    runtime.build().createProgram(tree), Set.copyOf(inspection.variables));
        } catch (CelEvaluationException e) {
            throw new InvalidRuleException(problem(e));
        }
    }

    private static CelCompiler compiler() {
        CelCompilerBuilder compiler =
                CelCompilerFactory.standardCelCompilerBuilder()
                        .setOptions(options().build())
                        .setStandardMacros(CelStandardMacro.STANDARD_MACROS);
        RuleVariables.declare(compiler);
        RuleFunctions.declare(compiler);
        return compiler.build();
    }

    private static CelOptions.Builder options() {
        return CelOptions.current()
                .maxExpressionCodePointSize(MAX_CODE_POINTS)
                .maxParseExpressionNodeCount(MAX_NODES)
                .maxParseRecursionDepth(MAX_DEPTH)
                .maxRegexProgramSize(MAX_REGEX_PROGRAM)
                // Fields are decimals: fields.sales > 1000 compares one with a whole number.
                .enableHeterogeneousNumericComparisons(true);
    }

    private static String sentence(CelValidationException e) {
        if (e.getErrors().isEmpty()) {
            return String.valueOf(e.getMessage()).lines().findFirst().orElse("it is not CEL");
        }
        CelIssue issue = e.getErrors().get(0);
        String hint =
                issue.getMessage().contains("'(double, int)'")
                                || issue.getMessage().contains("'(int, double)'")
                        ? "; write 2.0 for 2 beside a decimal"
                        : "";
        return at(issue.getSourceLocation()) + issue.getMessage() + hint;
    }

    private static String at(CelSourceLocation place) {
        return place.getLine() < 1
                ? ""
                : "line %d, column %d: ".formatted(place.getLine(), place.getColumn() + 1);
    }

    /** What one document made of an expression: it could not be evaluated. */
    static final class RuleFailure extends Exception {

        private final boolean exhausted;

        RuleFailure(String message, boolean exhausted) {
            super(message, null, false, false);
            this.exhausted = exhausted;
        }

        /** Whether its loops took more than they may. */
        boolean exhausted() {
            return exhausted;
        }
    }

    /** Looks at each node: counts them, notes variables, refuses what can only fail later. */
    private static final class Inspection {

        private final CelAbstractSyntaxTree tree;
        private final Set<String> variables = new HashSet<>();
        private int nodes;

        Inspection(CelAbstractSyntaxTree tree) {
            this.tree = tree;
        }

        void visit(CelExpr node) throws InvalidRuleException {
            nodes++;
            switch (node.getKind()) {
                case IDENT -> variables.add(node.ident().name());
                case SELECT -> visitSelect(node, node.select());
                case CALL -> visitCall(node, node.call());
                case LIST -> visitAll(node.list().elements());
                case MAP -> {
                    for (CelExpr.CelMap.Entry entry : node.map().entries()) {
                        visit(entry.key());
                        visit(entry.value());
                    }
                }
                case STRUCT -> {
                    for (CelExpr.CelStruct.Entry entry : node.struct().entries()) {
                        visit(entry.value());
                    }
                }
                case COMPREHENSION -> visitLoop(node.comprehension());
                case CONSTANT, NOT_SET -> {}
            }
        }

        private void visitAll(List<CelExpr> parts) throws InvalidRuleException {
            for (CelExpr part : parts) {
                visit(part);
            }
        }

        private void visitLoop(CelComprehension loop) throws InvalidRuleException {
            visit(loop.iterRange());
            visit(loop.accuInit());
            visit(loop.loopCondition());
            visit(loop.loopStep());
            visit(loop.result());
        }

        private void visitSelect(CelExpr node, CelSelect select) throws InvalidRuleException {
            CelExpr operand = select.operand();
            if (operand.getKind() == CelExpr.ExprKind.Kind.IDENT) {
                String name = operand.ident().name();
                List<String> members = RuleVariables.MEMBERS.get(name);
                if (members != null && !members.contains(select.field())) {
                    throw new InvalidRuleException(
                            "%s%s has no %s; it has %s%s"
                                    .formatted(
                                            at(node),
                                            name,
                                            select.field(),
                                            String.join(", ", members),
                                            name.equals("doc")
                                                    ? "; a candidate's own values are in fields"
                                                    : ""));
                }
            }
            visit(operand);
        }

        private void visitCall(CelExpr node, CelCall call) throws InvalidRuleException {
            List<CelExpr> arguments = call.args();
            if (arguments.size() == 2 && ARITHMETIC.contains(call.function())) {
                refuseWholeNumber(node, arguments.get(0), arguments.get(1));
                refuseWholeNumber(node, arguments.get(1), arguments.get(0));
            }
            if (call.target().isPresent()) {
                visit(call.target().get());
            }
            visitAll(arguments);
        }

        /** Numbers of fields are decimals, and CEL computes with numbers of one type only. */
        private void refuseWholeNumber(CelExpr node, CelExpr one, CelExpr other)
                throws InvalidRuleException {
            if (one.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                    && one.constant().getKind() == CelConstant.Kind.INT64_VALUE
                    && tree.getType(other.id())
                            .filter(type -> type.kind() == CelKind.DYN)
                            .isPresent()) {
                throw new InvalidRuleException(
                        "%snumbers of fields are decimals; write %d.0 for %d"
                                .formatted(
                                        at(node),
                                        one.constant().int64Value(),
                                        one.constant().int64Value()));
            }
        }

        private String at(CelExpr node) {
            CelSource source = tree.getSource();
            Integer offset = source.getPositionsMap().get(node.id());
            return offset == null
                    ? ""
                    : source.getOffsetLocation(offset).map(RuleExpression::at).orElse("");
        }
    }
}
