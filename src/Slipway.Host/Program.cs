using Slipway.Host;

// Answered before anything is loaded.
if (args is ["--version"])
{
    Console.Out.WriteLine(ProductVersion.Text);
    return 0;
}
return await CommandLine.RunAsync(args);
