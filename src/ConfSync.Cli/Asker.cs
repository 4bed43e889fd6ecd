namespace ConfSync.Cli;

/// <summary>Asks the person at the terminal. Where there is none, nobody is asked.</summary>
internal sealed class Asker(Output output)
{
    /// <summary>A person can answer.</summary>
    public static bool IsPossible => !Console.IsInputRedirected;

    /// <returns>What the person wrote; empty where there is none.</returns>
    public string Ask(string question)
    {
        if (!IsPossible) return "";
        output.Page(question);
        return Console.In.ReadLine()?.Trim() ?? "";
    }

    /// <returns>True only for "yes" in full.</returns>
    public bool Confirm(string question) => Ask($"{question} (yes or no): ").Equals("yes", StringComparison.OrdinalIgnoreCase);
}
