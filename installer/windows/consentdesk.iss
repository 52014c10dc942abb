; A silent per-machine installer for Windows, made by Inno Setup 6 from the folder that PyInstaller writes there.
; UNTESTED: written from the documentation; no Windows computer was at hand. On Windows, in a checkout:
;   py -m venv .venv-package
;   .venv-package\Scripts\python -m pip install --no-deps --require-hashes -r installer\requirements-package.txt
;   .venv-package\Scripts\python -m PyInstaller --noconfirm --distpath dist --workpath build installer\consentdesk.spec
;   iscc /DVersion=0.1.0 installer\windows\consentdesk.iss
; Then, as an administrator or through the school's management: ConsentDesk-0.1.0-setup.exe /VERYSILENT /SUPPRESSMSGBOXES /NORESTART

#ifndef Version
  #error Give the version: iscc /DVersion=0.1.0
#endif

[Setup]
AppId={{7B0B7C0E-5E0B-4F1D-9B43-6E6A0C3F5D21}
AppName=ConsentDesk
AppVersion={#Version}
AppPublisher=ConsentDesk contributors
DefaultDirName={autopf}\ConsentDesk
DefaultGroupName=ConsentDesk
PrivilegesRequired=admin
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0
DisableProgramGroupPage=yes
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=ConsentDesk-{#Version}-setup
Compression=lzma2
SolidCompression=yes
CloseApplications=yes
RestartApplications=no
UninstallDisplayIcon={app}\consentdesk.exe

[Files]
Source: "..\..\dist\consentdesk\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[InstallDelete]
; What an older version had and this one has not must not be found by it.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\ConsentDesk"; Filename: "{app}\consentdesk.exe"

; The office lies in ProgramData and stays when the program goes: only the school may delete it.
