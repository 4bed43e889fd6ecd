using System.CommandLine;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync compare</c> and <c>nginx-sync diff</c>: what <c>-C</c> and <c>-C -d</c> do, and for some nodes where
/// they are named.</summary>
internal sealed class CompareWord : Command
{
    public const string Compared = "compare";

    public const string Differing = "diff";

    private NodesArgument Only { get; } = new();

    private CompareWord(string word, string description, CompareCommand compare, SharedOptions shared, CommandRunner runner, bool differences)
        : base(word, description)
    {
        Add(Only);
        foreach (var option in compare.Presentation) Add(option);
        foreach (var option in shared.Documents.Concat([shared.Differences, shared.Color, shared.Quiet, shared.Nodes, shared.Limit, shared.Timing])) Add(option);
        Validators.Add(compare.CheckFormat);
        SetAction((call, cancellation) => compare.RunAsync(
            call, runner, context => context.NodesNamed(word, Only.Named(call, shared)), differences, cancellation));
    }

    public static CompareWord Compare(CompareCommand compare, SharedOptions shared, CommandRunner runner) =>
        new(Compared, "Compare with the nodes, as -C does; nothing is changed", compare, shared, runner, differences: false);

    public static CompareWord Diff(CompareCommand compare, SharedOptions shared, CommandRunner runner) =>
        new(Differing, "Show the differences themselves, as -C -d does; nothing is changed", compare, shared, runner, differences: true);
}
