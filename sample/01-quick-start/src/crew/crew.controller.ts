import { Controller, Get, Query } from '@nestjs/common';
import { CrewService } from './crew.service.js';

@Controller('crew')
export class CrewController {
  constructor(private readonly crew: CrewService) {}

  @Get('roster')
  roster(@Query('base') base: string) {
    return this.crew.roster(base);
  }
}
