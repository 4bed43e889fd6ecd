namespace ConfSync.Configuration;

/// <summary>What makes the logins, from <c>TRANSPORT</c>.</summary>
public enum LoginMaker
{
    /// <summary>The ssh program.</summary>
    Ssh,

    /// <summary>This program where that gives what ssh would give, and ssh otherwise.</summary>
    Auto,
}
