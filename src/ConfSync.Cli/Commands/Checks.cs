using System.CommandLine;
using System.CommandLine.Parsing;

namespace ConfSync.Cli.Commands;

/// <summary>Checks that several commands make of what they were given.</summary>
internal static class Checks
{
    /// <summary>Whether the option stands in the call. The option's value would be converted, which throws where the option
    /// is in error itself.</summary>
    public static bool IsGiven(this SymbolResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>Where any word may follow, the parser takes an option that it does not know for one: an error.</summary>
    public static void RefuseOptions(this Argument argument) => argument.Validators.Add(result =>
    {
        foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-')))
        {
            result.AddError($"Unrecognized option '{token.Value}'");
        }
    });

    /// <summary>The option takes one of these words.</summary>
    public static void Accept(this Option<string?> option, params string[] words)
    {
        option.CompletionSources.Add(words);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !words.Contains(token.Value))
            {
                result.AddError($"{option.Name} takes {string.Join(", ", words)}, not \"{token.Value}\"");
            }
        });
    }
}
