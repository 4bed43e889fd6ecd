using System.CommandLine;

namespace ConfSync.Cli.Commands;

/// <summary>NODE of a command: some of <c>NODES</c>, or none for all of them.</summary>
internal sealed class NodesArgument : Argument<string[]>
{
    public NodesArgument()
        : base("NODE")
    {
        Description = "Only these of NODES [default: all of them]";
        Arity = ArgumentArity.ZeroOrMore;
        this.RefuseOptions();
    }

    /// <summary>What the call names, as this argument and with <c>--node</c>.</summary>
    public string[] Named(ParseResult call, SharedOptions shared) =>
        [.. call.GetValue(this) ?? [], .. call.GetValue(shared.Nodes) ?? []];
}
